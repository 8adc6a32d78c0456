// `Idempotency-Key`: a request that comes again, at the same time or after a crash, is one message,
// and is answered as it was the first time, whatever has become of the settings since.
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Static, TSchema } from "typebox";
import { Value } from "typebox/value";
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { Problem } from "#libs/dialects/native/problem.ts";
import { callerOf } from "../../../http/caller.ts";
import {
  type Claim,
  type IdempotencyKeys,
  idBytesOf,
  type KeyPlace,
} from "../../../messages/idempotency-keys.ts";
import { hashBody } from "./hash-body.ts";

/** 1 to 255 printable characters of ASCII: what a header can carry everywhere. */
const KEY = /^[\x20-\x7e]{1,255}$/;

/** Who a request is: its id, and when it came first, epoch ms. */
export type Identity = Pick<Claim, "id" | "at">;
/** What is to be accepted, and what is answered then. */
type Done = { requests: readonly SendRequest[]; answer: unknown };
type Identified = Done & Pick<Claim, "id">;

type Work<Schema extends TSchema> = {
  /** The id that follows from 16 bytes. */
  toId: (bytes: Buffer) => string;
  /** What makes two bodies the same. */
  parts: () => readonly unknown[];
  /** Makes of the request what is to be done; throws where it is refused. */
  parse: (identity: Identity) => Done | Promise<Done>;
  /** What was accepted then, of the same body; nothing of it is judged again. */
  repeat: (
    identity: Identity,
    answer: Static<Schema>,
  ) => readonly SendRequest[] | Promise<readonly SendRequest[]>;
  /** Of the answer. */
  schema: Schema;
};
type Exchange = { request: FastifyRequest; reply: FastifyReply };

/**
 * What a request's work has made of it under the identity that it has for 24 h, where it brings a key.
 * Every twin gets the first answer, and publishes it again: the first one may have died before it
 * did. A refused request claims nothing. Throws Problem `idempotency-key-reused` for another body,
 * and RetriableError while Redis is away, but only where there is a key.
 */
export async function once<Schema extends TSchema>(
  keys: IdempotencyKeys,
  { request, reply }: Exchange,
  work: Work<Schema>,
): Promise<Identified> {
  const at = Date.now();
  const key = parseKey(request);
  if (key === null) {
    const newId = work.toId(randomBytes(16));
    return { ...(await work.parse({ id: newId, at })), id: newId };
  }
  const { method } = request;
  const path = request.url.split("?", 1)[0] ?? "";
  const place = { accountId: callerOf(request).accountId, key };
  const id = work.toId(idBytesOf(place, { method, path, at }));
  const claim = { id, at, bodyHash: await hashBody([method, path, ...work.parts()]) };
  const { done, isTwin } = await claimDone(keys, { place, claim }, work);
  if (isTwin) reply.header("idempotent-replayed", "true");
  return done;
}

type Claiming = { place: KeyPlace; claim: Claim };

/** Whoever comes first parses first: only what is not refused may claim. */
async function claimDone<Schema extends TSchema>(
  keys: IdempotencyKeys,
  { place, claim }: Claiming,
  work: Work<Schema>,
): Promise<{ done: Identified; isTwin: boolean }> {
  const earlier = await keys.find(place);
  if (earlier) return { done: await twinOf(earlier, claim, work), isTwin: true };
  const done = await work.parse(claim);
  const winner = await keys.claim(place, { ...claim, answer: await packed(done.answer) });
  if (!winner) return { done: { ...done, id: claim.id }, isTwin: false };
  return { done: await twinOf(winner, claim, work), isTwin: true };
}

async function twinOf<Schema extends TSchema>(
  earlier: Claim,
  claim: Claim,
  { parse, repeat, schema }: Work<Schema>,
): Promise<Identified> {
  checkSameBody(earlier, claim);
  const { id } = earlier;
  // A version before this one has kept no answer.
  if (earlier.answer === undefined) return { ...(await parse(earlier)), id };
  const answer = Value.Parse(schema, await unpacked(earlier.answer));
  return { requests: await repeat(earlier, answer), answer, id };
}

function checkSameBody(earlier: Claim, { bodyHash }: Claim): void {
  if (earlier.bodyHash === bodyHash) return;
  const detail = "Use a new Idempotency-Key for another request, or repeat the first one's body.";
  throw new Problem("idempotency-key-reused", detail);
}

/** A batch's answer has 10,000 members that look alike. */
async function packed(answer: unknown): Promise<string> {
  return (await promisify(deflateRaw)(JSON.stringify(answer))).toString("base64");
}

async function unpacked(answer: string): Promise<unknown> {
  return JSON.parse((await promisify(inflateRaw)(Buffer.from(answer, "base64"))).toString());
}

function parseKey({ headers }: FastifyRequest): string | null {
  const key = headers["idempotency-key"];
  if (key === undefined) return null;
  if (typeof key === "string" && KEY.test(key)) return key;
  const detail = "An Idempotency-Key has 1 to 255 printable characters of ASCII.";
  throw new Problem("bad-request", detail);
}
