// What is rehearsed, as the request that would go to Kafka if it were sent: it is checked as the
// native API checks a message, with the same refusals and warnings.

import { Problem } from "#libs/dialects/native/problem.ts";
import { type ParsedSend, parseSend } from "#libs/dialects/native/send/parse-send.ts";
import type { SendContext } from "#libs/dialects/native/send/to-request.ts";
import { parseGiven } from "#libs/json/parse-given.ts";
import { RehearsalBody } from "./rehearsal-body.ts";

/** No country has this code. */
const NUMBER = "+999000000";
/** Stands for whoever a flow may be used for: reachable on every channel, of no known country. */
const ANYONE = {
  channelUserIds: { whatsapp: "anyone", viber: "anyone", rcs: NUMBER, sms: NUMBER },
};
/** Stands for whatever a flow may say: a text that is one SMS. */
const ANYTHING = { text: "Rehearsal" };

export type GivenRehearsal = ParsedSend &
  Pick<RehearsalBody, "behaviours"> & { isMessage: boolean };

/** Throws SettingRefusal or Problem for what is no rehearsal, and for what would not be accepted. */
export function parseRehearsal(given: unknown, context: SendContext): GivenRehearsal {
  const body = parseGiven(RehearsalBody, given);
  const isMessage = body.message !== undefined;
  return { ...parseSend(toSendBody(body), context), behaviours: body.behaviours, isMessage };
}

function toSendBody({ message, flow, flowId }: RehearsalBody): unknown {
  const given = [message, flow, flowId].filter((each) => each !== undefined);
  if (given.length !== 1) throw new Problem("invalid", "Give one of message, flow and flowId.");
  if (message !== undefined) return message;
  const sent = { recipient: ANYONE, content: ANYTHING };
  return flow ? { ...sent, steps: flow.steps } : { ...sent, flowId };
}
