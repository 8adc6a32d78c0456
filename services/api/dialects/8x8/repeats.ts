// 8x8's API has no Idempotency-Key. An account may ask that a `clientMessageId` stands for one message
// for some minutes: whoever sends under it again is answered as the first one was, and hears of no
// second message. It rests on what keys of the native API rest on.
import { createHash, randomUUID } from "node:crypto";
import { Type } from "typebox";
import { Value } from "typebox/value";
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { clientMessageIdOf, inFull, type NewMessage } from "#libs/dialects/8x8/send/parse-send.ts";
import { SentAnswer, sentAnswer } from "#libs/dialects/8x8/send/sent-answer.ts";
import { toUuid } from "#libs/dialects/batch-ids.ts";
import type { Account } from "#libs/settings/account.ts";
import { mapInTurns } from "#libs/take-turns.ts";
import type { ApiDeps } from "../../api-deps.ts";
import { idBytesOf, type KeyPlace } from "../../messages/idempotency-keys.ts";
import { repeatCount } from "../../metrics.ts";

/** What repeats are told by; `minutes` undefined: they are messages like any other. */
export type Repeats = Pick<ApiDeps, "idempotencyKeys" | "log"> & {
  accountId: string;
  minutes: number | undefined;
  /** When the request came, epoch ms. */
  now: number;
};

type Accepted = NewMessage & { messageId: string };
export type FirstSent = { request: Accepted; answer: SentAnswer };

/** The message that was sent first, with all that its contract has. */
export function requestOf({ request }: FirstSent): SendRequest {
  const { messageId, batchId = null, clientBatchId = null } = request;
  return { ...inFull(request), messageId, batchId, clientBatchId };
}

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
 * What is sent of a body: what came first under its client's id, else the message that `parse` makes of
 * it, under a new id. Throws what `parse` throws, and as `asFirstSent`.
 */
export async function sentOnce(
  body: unknown,
  repeats: Repeats,
  parse: () => Omit<Accepted, "messageId">,
): Promise<FirstSent> {
  const first = await findFirst(clientMessageIdOf(body), body, repeats);
  if (first) return first;
  const message = parse();
  const idBytes = idBytesFor([message.clientMessageId], repeats);
  const messageId = idBytes ? toUuid(idBytes) : randomUUID();
  return asFirstSent({ ...message, messageId }, body, repeats);
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
 * What was sent first under the client's ids of bodies that nobody has judged yet, by these ids. It is
 * answered before anything of them is judged: the settings may be others now, and the time is. It
 * is to be published again as it was: the first may have died before it was. Throws as `asFirstSent`.
 */
export async function findFirstSent(
  bodies: readonly unknown[],
  repeats: Repeats,
): Promise<ReadonlyMap<string, FirstSent>> {
  if (repeats.minutes === undefined) return new Map();
  const named = new Map(bodies.map((body) => [clientMessageIdOf(body), body]));
  const found = await mapInTurns([...named], async ([id, body]) => {
    const first = await findFirst(id, body, repeats);
    return id !== null && first ? [[id, first] as const] : [];
  });
  return new Map(found.flat());
}

async function findFirst(
  id: string | null,
  body: unknown,
  repeats: Repeats,
): Promise<FirstSent | undefined> {
  if (repeats.minutes === undefined || id === null) return undefined;
  const claim = await repeats.idempotencyKeys.find(placeOf(id, repeats));
  // A version before this one has kept no request.
  if (claim?.answer === undefined || claim.request === undefined) return undefined;
  tellRepeat(claim.id, claim.bodyHash === bodyHashOf(body), repeats);
  return parseFirst(claim.answer, claim.request);
}

/**
 * The message under the identity of the first that came with its client's id, and that one's answer.
 * It is to be published all the same: the first may have died before it was, else the consumer knows
 * it by its id. Throws RetriableError while Redis is away, but only where Redis is asked.
 */
export async function asFirstSent(
  message: Accepted,
  body: unknown,
  repeats: Repeats,
): Promise<FirstSent> {
  const { minutes, now, idempotencyKeys } = repeats;
  const { messageId: id, clientMessageId } = message;
  const answer = sentAnswer(message, now);
  if (minutes === undefined || clientMessageId === null) return { request: message, answer };
  const said = { answer: JSON.stringify(answer), request: JSON.stringify(message) };
  const claim = { id, at: now, bodyHash: bodyHashOf(body), ...said };
  const place = placeOf(clientMessageId, repeats);
  const earlier = await idempotencyKeys.claim(place, claim, minutes * 60);
  if (earlier?.answer === undefined) return { request: message, answer };
  tellRepeat(earlier.id, earlier.bodyHash === claim.bodyHash, repeats);
  return {
    request: { ...message, messageId: earlier.id, requestedAt: earlier.at },
    answer: Value.Parse(SentAnswer, JSON.parse(earlier.answer)),
  };
}

function placeOf(clientMessageId: string, { accountId }: Repeats): KeyPlace {
  // No Idempotency-Key can hold a control character.
  return { accountId, key: `\nclientMessageId\n${clientMessageId}` };
}

/** Both are our own words. */
function parseFirst(answer: string, request: string): FirstSent {
  return {
    answer: Value.Parse(SentAnswer, JSON.parse(answer)),
    request: Value.Parse(Type.Unsafe<Accepted>(Type.Object({})), JSON.parse(request)),
  };
}

function tellRepeat(messageId: string, isSame: boolean, { accountId, log }: Repeats): void {
  repeatCount.inc({ body: isSame ? "same" : "another" });
  if (isSame) return;
  log.warn({ messageId, accountId }, "a clientMessageId came again with another body");
}

/** Of what the client said, with its batch's template. */
function bodyHashOf(body: unknown): string {
  return createHash("sha256").update(JSON.stringify(body)).digest("hex");
}
