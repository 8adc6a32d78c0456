// Accepting a message means that Kafka has it on all in-sync replicas. Nothing is answered before.
import type { Codec } from "#libs/contracts/codec.ts";
import type { SendRequest, SendRequestInit } from "#libs/contracts/generated/types.ts";
import { topics } from "#libs/contracts/topics.ts";
import { RetriableError } from "#libs/errors.ts";
import type { Headers, Producer } from "#libs/kafka/ports.ts";
import { acceptedCount } from "./metrics.ts";

/** Clients give up after 10 to 30 s; they should get our answer rather than none. */
const ACCEPT_LIMIT_MS = 8_000;

export type AcceptMessages = (
  requests: readonly SendRequestInit[],
  headers: Headers,
) => Promise<void>;

/**
 * Publishes requests. Throws RetriableError when Kafka has not acknowledged them all within 8 s:
 * the caller must take them as not accepted, though some may have been, and a retry with other ids
 * may then send those twice.
 */
export function messageAcceptor(
  producer: Producer,
  codec: Codec<SendRequest, SendRequestInit>,
): AcceptMessages {
  return async (requests, headers) => {
    const records = requests.map((request) => ({
      topic: topics.sendRequests.name,
      key: request.messageId,
      value: codec.encode(request),
      headers,
    }));
    await withinLimit(producer.publish(records));
    for (const { dialect } of requests) acceptedCount.inc({ dialect: dialect ?? "none" });
  };
}

/** Throws RetriableError when Kafka has acknowledged nothing for 8 s. */
export async function withinLimit(published: Promise<void>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new RetriableError(`Kafka acknowledged nothing for ${ACCEPT_LIMIT_MS} ms.`)),
    ACCEPT_LIMIT_MS,
  );
  try {
    await Promise.race([published, late]);
  } finally {
    clearTimeout(timer);
  }
}
