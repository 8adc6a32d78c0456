// Accepting a message means that Kafka has it on all in-sync replicas. Nothing is answered before.
import type { Codec } from "#libs/contracts/codec.ts";
import type { SendRequest, SendRequestInit } from "#libs/contracts/generated/types.ts";
import { topics } from "#libs/contracts/topics.ts";
import { RetriableError } from "#libs/errors.ts";
import type { Fault } from "#libs/judgement/fault.ts";
import type { Headers, OutgoingRecord, Producer } from "#libs/kafka/ports.ts";
import type { MemoryWatch } from "#libs/redis/memory-watch.ts";
import { takeTurns } from "#libs/take-turns.ts";
import { acceptedCount } from "../metrics.ts";
import type { CheckCaps } from "./accept-within-caps.ts";

/** Clients give up after 10 to 30 s; they should get our answer rather than none. */
const ACCEPT_LIMIT_MS = 8_000;
/** Requests that wait for Kafka's word together: about what it takes in one send. */
const SLICE_COUNT = 1_000;

/** Resolves with what the requests' sender should know of the caps of the account's day. */
export type AcceptMessages = (
  requests: readonly SendRequest[],
  headers: Headers,
) => Promise<readonly Fault[]>;

type Checks = { checkCaps: CheckCaps; checkRoom: MemoryWatch["checkRoom"] };

/** Kafka took no more in the middle: some of the messages will be sent, and their sender has to know. */
export class PartlyAcceptedError extends RetriableError {
  override name = "PartlyAcceptedError";
  readonly acceptedCount: number;

  constructor(count: number, cause: unknown) {
    super(`Kafka has acknowledged ${count} messages and no more.`, { cause });
    this.acceptedCount = count;
  }
}

/**
 * Publishes requests. Throws RetriableError when Kafka is silent for 8 s: what had not been begun to be
 * sent by then never is, so that nothing goes out behind the back of a caller who asks again. Only of
 * the one send in flight nobody knows yet; what was acknowledged before is told, PartlyAcceptedError.
 * Throws NearlyFullError while Redis has no room for new messages, and RequestRefused where the caps
 * of the account's day leave no room for any of them.
 */
export function messageAcceptor(
  producer: Producer,
  codec: Codec<SendRequest, SendRequestInit>,
  { checkCaps, checkRoom }: Checks,
): AcceptMessages {
  return async (requests, headers) => {
    checkRoom();
    const near = await checkCaps(requests);
    const records: OutgoingRecord[] = [];
    const turn = takeTurns();
    for (const request of requests) {
      // One alone has nobody to wait for.
      if (records.length > 0) await turn();
      const [key, value] = [request.messageId, codec.encode(request)];
      records.push({ topic: topics.sendRequests.name, key, value, headers });
    }
    await publishInSlices(producer, records);
    const dialects = Map.groupBy(requests, ({ dialect }) => dialect ?? "none");
    for (const [dialect, { length }] of dialects) acceptedCount.inc({ dialect }, length);
    return near;
  };
}

/**
 * A busy broker takes a large batch in more than 8 s; as long as it goes on, it has not fallen silent.
 * Throws PartlyAcceptedError once it has, or what else stops it in the middle; where it took nothing, what did.
 */
export async function publishInSlices(
  producer: Pick<Producer, "publish">,
  records: readonly OutgoingRecord[],
): Promise<void> {
  for (let from = 0; from < records.length; from += SLICE_COUNT) {
    try {
      await publishWithinLimit(producer, records.slice(from, from + SLICE_COUNT));
    } catch (error) {
      if (from === 0) throw error;
      throw new PartlyAcceptedError(from, error);
    }
  }
}

/** Throws RetriableError after 8 s without Kafka's word; what has not begun to be sent is taken back. */
async function publishWithinLimit(
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
