// The points at which a process can be met: what it is about to ask, or has asked and does not know yet.

import { beginCallScript, saveAnswerScript, takeInScript } from "#libs/dispatch-store/scripts.ts";
import { ackScript } from "#libs/flow-store/ack.ts";
import { claimDueScript } from "#libs/flow-store/claim-due.ts";
import { commitScript } from "#libs/flow-store/commit.ts";
import type { Script } from "#libs/redis/read-script.ts";
import { claimScript, settleScript } from "#libs/webhook-queue/webhook-queue.ts";

type Asked = (request: Buffer) => boolean;

const PRODUCE = 0;
const OFFSET_COMMIT = 8;
const API_KEY_AT = 4;

export const asks = {
  commit: script(commitScript),
  ack: script(ackScript),
  claimDue: script(claimDueScript),
  takeIn: script(takeInScript),
  beginCall: script(beginCallScript),
  saveAnswer: script(saveAnswerScript),
  claimTold: script(claimScript),
  settleTold: script(settleScript),
  produce: kafka(PRODUCE),
  commitOffsets: kafka(OFFSET_COMMIT),
} satisfies Record<string, Asked>;

const MESSAGE_ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/** Of the reply to a claim: that something was claimed. */
export function namesMessage(reply: Buffer): boolean {
  return MESSAGE_ID.test(reply.toString("latin1"));
}

function script({ sha }: Script): Asked {
  const name = Buffer.from(sha);
  return (request) => request.includes(name);
}

function kafka(apiKey: number): Asked {
  return (request) => request.readInt16BE(API_KEY_AT) === apiKey;
}
