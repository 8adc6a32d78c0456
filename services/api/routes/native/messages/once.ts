// `Idempotency-Key`: a request that comes again, at the same time or after a crash, is one message.
import type { FastifyReply, FastifyRequest } from "fastify";
import { callerOf } from "../../../authenticate.ts";
import type { Claim, IdempotencyKeys, KeyPlace } from "../../../idempotency-keys.ts";
import { Problem } from "../problem.ts";
import { hashBody } from "./hash-body.ts";

/** 1 to 255 printable characters of ASCII: what a header can carry everywhere. */
const KEY = /^[\x20-\x7e]{1,255}$/;

/** Who a request is: its id, and when it came first, epoch ms. */
export type Identity = Pick<Claim, "id" | "at">;

type Work<Parsed> = {
  newId: () => string;
  /** What makes two bodies the same. */
  parts: () => readonly unknown[];
  /** Makes of the request what is to be done; throws where it is refused. */
  parse: (identity: Identity) => Parsed | Promise<Parsed>;
};
type Exchange = { request: FastifyRequest; reply: FastifyReply };

/**
 * What a request's work has made of it under the identity that it has for 24 h, where it brings a key.
 * Every twin gets the same, and publishes it again: the first one may have died before it did. A
 * refused request claims nothing. Throws Problem `idempotency-key-reused` for another body, and
 * RetriableError while Redis is away, but only where there is a key.
 */
export async function once<Parsed>(
  keys: IdempotencyKeys,
  { request, reply }: Exchange,
  { newId, parts, parse }: Work<Parsed>,
): Promise<Parsed> {
  const identity = { id: newId(), at: Date.now() };
  const key = parseKey(request);
  if (key === null) return parse(identity);
  const place = { accountId: callerOf(request).accountId, key };
  const path = request.url.split("?", 1)[0];
  const claim = { ...identity, bodyHash: await hashBody([request.method, path, ...parts()]) };
  const { parsed, isTwin } = await claimParsed(keys, { place, claim }, parse);
  if (isTwin) reply.header("idempotent-replayed", "true");
  return parsed;
}

type Claiming = { place: KeyPlace; claim: Claim };

/** Whoever comes first parses first: only what is not refused may claim. */
async function claimParsed<Parsed>(
  keys: IdempotencyKeys,
  { place, claim }: Claiming,
  parse: Work<Parsed>["parse"],
): Promise<{ parsed: Parsed; isTwin: boolean }> {
  const earlier = await keys.find(place);
  if (earlier) return { parsed: await parse(sameBody(earlier, claim)), isTwin: true };
  const parsed = await parse(claim);
  const winner = await keys.claim(place, claim);
  if (!winner) return { parsed, isTwin: false };
  return { parsed: await parse(sameBody(winner, claim)), isTwin: true };
}

function sameBody(earlier: Claim, { bodyHash }: Claim): Claim {
  if (earlier.bodyHash === bodyHash) return earlier;
  const detail = "Use a new Idempotency-Key for another request, or repeat the first one's body.";
  throw new Problem("idempotency-key-reused", detail);
}

function parseKey({ headers }: FastifyRequest): string | null {
  const key = headers["idempotency-key"];
  if (key === undefined) return null;
  if (typeof key === "string" && KEY.test(key)) return key;
  const detail = "An Idempotency-Key has 1 to 255 printable characters of ASCII.";
  throw new Problem("bad-request", detail);
}
