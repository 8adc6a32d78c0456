// Accepting a message means that Kafka has it on all in-sync replicas. Nothing is answered before.
import type { Codec } from "#libs/contracts/codec.ts";
import type { SendRequest, SendRequestInit } from "#libs/contracts/generated/types.ts";
import { topics } from "#libs/contracts/topics.ts";
import { RetriableError } from "#libs/errors.ts";
import type { Fault } from "#libs/judgement/fault.ts";
import type { Headers, OutgoingRecord, Producer } from "#libs/kafka/ports.ts";
import { takeTurns } from "#libs/take-turns.ts";
import { acceptedCount } from "../metrics.ts";
import type { CheckCaps } from "./accept-within-caps.ts";

/** Clients give up after 10 to 30 s; they should get our answer rather than none. */
const ACCEPT_LIMIT_MS = 8_000;

/** Resolves with what the requests' sender should know of the caps of the account's day. */
export type AcceptMessages = (
  requests: readonly SendRequest[],
  headers: Headers,
) => Promise<readonly Fault[]>;

/**
 * Publishes requests. Throws RetriableError when Kafka has not acknowledged them all within 8 s:
 * what had not been begun to be sent by then never is, so that nothing goes out behind the back of a
 * caller who asks again. Only of the one send in flight nobody knows yet. Throws RequestRefused where the
 * caps of the account's day leave no room for any of them.
 */
export function messageAcceptor(
  producer: Producer,
  codec: Codec<SendRequest, SendRequestInit>,
  checkCaps: CheckCaps,
): AcceptMessages {
  return async (requests, headers) => {
    const near = await checkCaps(requests);
    const records: OutgoingRecord[] = [];
    const turn = takeTurns();
    for (const request of requests) {
      // One alone has nobody to wait for.
      if (records.length > 0) await turn();
      const [key, value] = [request.messageId, codec.encode(request)];
      records.push({ topic: topics.sendRequests.name, key, value, headers });
    }
    await publishWithinLimit(producer, records);
    const dialects = Map.groupBy(requests, ({ dialect }) => dialect ?? "none");
    for (const [dialect, { length }] of dialects) acceptedCount.inc({ dialect }, length);
    return near;
  };
}

/** Throws RetriableError after 8 s without Kafka's word; what has not begun to be sent is taken back. */
export async function publishWithinLimit(
  { publish }: Pick<Producer, "publish">,
  records: readonly OutgoingRecord[],
): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const waiting = new AbortController();
  const timer = setTimeout(() => {
    reject(new RetriableError(`Kafka acknowledged nothing for ${ACCEPT_LIMIT_MS} ms.`));
    waiting.abort();
  }, ACCEPT_LIMIT_MS);
  try {
    await Promise.race([publish(records, { signal: waiting.signal }), late]);
  } finally {
    clearTimeout(timer);
  }
}
