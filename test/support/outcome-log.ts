// Analytics as a consumer of its own: every outcome on the topic, with nothing of ours but contracts.
import { randomUUID } from "node:crypto";
import { vi } from "vitest";
import { readOne } from "#libs/contracts/codec.ts";
import type { MessageOutcome } from "#libs/contracts/generated/types.ts";
import { connectContracts } from "#libs/contracts/registry.ts";
import { topics } from "#libs/contracts/topics.ts";
import { PoisonRecordError } from "#libs/errors.ts";
import { registerZstd } from "#libs/kafka/kafkajs/zstd.ts";
import { outsideClient } from "#test/support/outside-client.ts";

registerZstd();

type Place = { brokers: string[]; registryUrl: string };

export type OutcomeLog = AsyncDisposable & {
  /** What lies on the topic for a message by now, in the order of the topic. */
  of(messageId: string): readonly MessageOutcome[];
  /** Resolves with the outcome of that revision once it is there. Rejects after `timeoutMs`. */
  next(
    messageId: string,
    wanted?: { revision?: number; timeoutMs?: number },
  ): Promise<MessageOutcome>;
};

/** Others may write there too. */
function passOver(error: unknown): undefined {
  if (!(error instanceof PoisonRecordError)) throw error;
}

/** Reads the topic, which must be there, from its beginning on. */
export async function followOutcomes({ brokers, registryUrl }: Place): Promise<OutcomeLog> {
  const { messageOutcome: codec } = await connectContracts({ registryUrl });
  const kafka = outsideClient(brokers);
  const consumer = kafka.consumer({ groupId: `analytics-${randomUUID()}`, maxWaitTimeInMs: 100 });
  const outcomes = new Map<string, MessageOutcome[]>();
  const of = (messageId: string) => outcomes.get(messageId) ?? [];
  await consumer.connect();
  await consumer.subscribe({ topic: topics.messageOutcomes.name, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message: { value } }) => {
      const outcome = await readOne(codec, value!).catch(passOver);
      if (outcome) outcomes.set(outcome.messageId, [...of(outcome.messageId), outcome]);
    },
  });
  return {
    of,
    next: (messageId, { revision = 1, timeoutMs = 30_000 } = {}) =>
      vi.waitFor(
        () => {
          const found = of(messageId).find((each) => each.revision === revision);
          if (found) return found;
          throw new Error(`${messageId} has no outcome of revision ${revision} yet.`);
        },
        { timeout: timeoutMs, interval: 20 },
      ),
    [Symbol.asyncDispose]: () => consumer.disconnect(),
  };
}
