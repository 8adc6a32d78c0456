// 8x8's API has no Idempotency-Key. An account may ask that a `clientMessageId` stands for one message
// for some minutes: whoever sends under it again is answered as the first one was, and hears of no
// second message. It rests on what keys of the native API rest on.
import { createHash } from "node:crypto";
import { Value } from "typebox/value";
import type { SendRequestInit } from "#libs/contracts/generated/types.ts";
import { SentAnswer, sentAnswer } from "#libs/dialects/8x8/send/sent-answer.ts";
import type { Account } from "#libs/settings/account.ts";
import type { ApiDeps } from "../../api-deps.ts";
import { idBytesOf } from "../../messages/idempotency-keys.ts";
import { repeatCount } from "../../metrics.ts";

/** What repeats are told by; `minutes` undefined: they are messages like any other. */
export type Repeats = Pick<ApiDeps, "idempotencyKeys" | "log"> & {
  accountId: string;
  minutes: number | undefined;
  /** When the request came, epoch ms. */
  now: number;
};

type Accepted = SendRequestInit & Parameters<typeof sentAnswer>[0];
export type FirstSent = { request: Accepted; answer: SentAnswer };

const METHOD = "POST";
const MINUTE_MS = 60_000;

export function repeatsOf(
  { accountId, repeatsByClientMessageIdMinutes: minutes }: Account,
  { idempotencyKeys, log }: Pick<ApiDeps, "idempotencyKeys" | "log">,
  now: number,
): Repeats {
  return { accountId, minutes, now, idempotencyKeys, log };
}

/**
 * 16 bytes for the id of what comes under these client's ids: a repeat has the same even where Redis
 * has lost the first one, but for one that comes in the next stretch of so many minutes.
 * Undefined where a message has no id, or the account does not ask for it.
 */
export function idBytesFor(
  clientIds: readonly (string | null)[],
  { accountId, minutes, now }: Repeats,
): Buffer | undefined {
  const isRepeatable = clientIds.length > 0 && clientIds.every((id) => id !== null);
  if (minutes === undefined || !isRepeatable) return undefined;
  const place = { accountId, key: JSON.stringify(clientIds) };
  const path = `clientMessageId/${minutes}`;
  return idBytesOf(place, { method: METHOD, path, at: now, windowMs: minutes * MINUTE_MS });
}

/**
 * The message under the identity of the first that came with its client's id, and that one's answer.
 * It is to be published all the same: the first may have died before it was, else the consumer knows
 * it by its id. Throws RetriableError while Redis is away, but only where Redis is asked.
 */
export async function asFirstSent(message: Accepted, repeats: Repeats): Promise<FirstSent> {
  const { accountId, minutes, now, idempotencyKeys } = repeats;
  const { messageId: id, clientMessageId } = message;
  const answer = sentAnswer(message, now);
  if (minutes === undefined || clientMessageId === null) return { request: message, answer };
  // No Idempotency-Key can hold a control character.
  const place = { accountId, key: `\nclientMessageId\n${clientMessageId}` };
  const claim = { id, at: now, bodyHash: bodyHashOf(message), answer: JSON.stringify(answer) };
  const earlier = await idempotencyKeys.claim(place, claim, minutes * 60);
  if (earlier?.answer === undefined) return { request: message, answer };
  tellRepeat(earlier.id, earlier.bodyHash === claim.bodyHash, repeats);
  return {
    request: { ...message, messageId: earlier.id, requestedAt: earlier.at },
    answer: Value.Parse(SentAnswer, JSON.parse(earlier.answer)),
  };
}

function tellRepeat(messageId: string, isSame: boolean, { accountId, log }: Repeats): void {
  repeatCount.inc({ body: isSame ? "same" : "another" });
  if (isSame) return;
  log.warn({ messageId, accountId }, "a clientMessageId came again with another body");
}

/** Of what the client said; its batch and the instant may be others. */
function bodyHashOf(message: Accepted): string {
  const said = { ...message, messageId: "", requestedAt: 0, batchId: null, clientBatchId: null };
  return createHash("sha256").update(JSON.stringify(said)).digest("hex");
}
