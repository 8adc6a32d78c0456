// Cancelling: nothing that has not started will start. The same for one message and for a batch.
import { setTimeout as sleep } from "node:timers/promises";
import type { Codec } from "#libs/contracts/codec.ts";
import type { CancelRequest, CancelRequestInit } from "#libs/contracts/generated/types.ts";
import { topics } from "#libs/contracts/topics.ts";
import type { KnownMessage } from "#libs/dialects/dialect.ts";
import { RetriableError } from "#libs/errors.ts";
import type { Headers, Producer } from "#libs/kafka/ports.ts";
import type { Account } from "#libs/settings/account.ts";
import { publishInSlices } from "./accept-messages.ts";
import { ARRIVAL_LIMIT_MS, awaitAny, type FindMessages, pollMs } from "./find-messages.ts";

/** A cancel is decided some milliseconds after Kafka has it, unless a consumer is being replaced. */
const DECISION_LIMIT_MS = 8_000;
/** More for each message of a batch: two busy cores decide 2,000 cancels a second. */
const DECISION_LIMIT_MS_EACH = 1;

export type Cancellation = { account: Account; reason: string | null; headers: Headers };
export type CancelledMessage = KnownMessage & {
  /** False where it had ended before: this cancel has changed nothing. */
  wasOpen: boolean;
};
export type CancelMessages = (
  messageIds: readonly string[],
  cancellation: Cancellation,
) => Promise<CancelledMessage[]>;

/**
 * Cancels messages of an account and resolves with those that are there, as they ended: `CANCELED`
 * where the cancel came in time. An id that is not there yet is cancelled too if any other is: the
 * rest of a batch may still be on its way, and 2 s are given to it. Throws RetriableError while
 * Kafka or Redis is away, and where it is not decided within 8 s (18 s for 10,000 messages); asking
 * again is harmless.
 */
export function messageCanceller(
  producer: Producer,
  codec: Codec<CancelRequest, CancelRequestInit>,
  find: FindMessages,
): CancelMessages {
  return async (messageIds, { account, reason, headers }) => {
    if (messageIds.length === 0) return [];
    const found = await awaitAny(messageIds, account, find);
    if (found.length === 0) return [];
    const ended = found.filter(hasEnded).map((message) => ({ ...message, wasOpen: false }));
    const endedIds = new Set(ended.map(({ entry }) => entry.messageId));
    const open = messageIds.filter((messageId) => !endedIds.has(messageId));
    const { accountId } = account;
    const records = open.map((messageId) => {
      const value = codec.encode({ messageId, accountId, reason, requestedAt: Date.now() });
      return { topic: topics.cancelRequests.name, key: messageId, value, headers };
    });
    await publishInSlices(producer, records);
    const cancelled = await awaitEnds(open, account, find);
    return [...ended, ...cancelled.map((message) => ({ ...message, wasOpen: true }))];
  };
}

/** Those of the messages that are there, once they have ended. */
async function awaitEnds(
  messageIds: readonly string[],
  account: Account,
  find: FindMessages,
): Promise<KnownMessage[]> {
  const startedAt = performance.now();
  const limitMs = DECISION_LIMIT_MS + messageIds.length * DECISION_LIMIT_MS_EACH;
  const ended = new Map<string, KnownMessage>();
  for (;;) {
    const open = messageIds.filter((messageId) => !ended.has(messageId));
    const found = await find(open, account);
    for (const message of found.filter(hasEnded)) ended.set(message.entry.messageId, message);
    const waitedMs = performance.now() - startedAt;
    const isMissing = ended.size < messageIds.length;
    if (found.every(hasEnded) && (!isMissing || waitedMs >= ARRIVAL_LIMIT_MS)) break;
    if (waitedMs >= limitMs) throw new RetriableError("The cancel is not decided yet.");
    await sleep(pollMs(messageIds.length - ended.size));
  }
  return [...ended.values()];
}

function hasEnded({ entry }: KnownMessage): boolean {
  return entry.state.phase === "ENDED";
}
