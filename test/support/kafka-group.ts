// A consumer group that lives as long as a test.
import { randomUUID } from "node:crypto";
import { expect, vi } from "vitest";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { type ConsumeOptions, consume } from "#libs/kafka/consume.ts";
import type { Consumer, IncomingRecord, Producer, Subscription } from "#libs/kafka/ports.ts";
import { committedOffsets, kafka } from "#test/support/kafka.ts";
import type { ClientChoice } from "#test/support/kafka-clients.ts";
import { textCodec } from "#test/support/text-codec.ts";

type Texts = readonly IncomingRecord<string>[];
export type Handle = (records: Texts) => Promise<void> | void;
type Joining = Partial<ConsumeOptions> & {
  codec?: ReturnType<typeof textCodec>;
  /** As of its subscription. */
  comesAgain?: true;
  /** Where it is not that of the group. */
  by?: ClientChoice;
};

const within = { timeout: 30_000, interval: 50 };

export type Group = AsyncDisposable & {
  readonly id: string;
  /** Publishes what its members consume, and takes their dead letters. */
  readonly producer: Producer;
  /** What members told of as fatal, in order. */
  readonly fatal: readonly unknown[];
  /** A member that handles a topic's texts. */
  join(topic: string, handle: Handle, options?: Joining): Promise<Consumer>;
  /** Resolves once these are the offsets of a topic's partitions; -1 where nothing is committed. */
  untilCommitted(topic: string, ...offsets: number[]): Promise<void>;
};

/** A group with a name of its own, so that tests may run side by side; its members read by that client. */
export async function openGroup(client: ClientChoice = {}): Promise<Group> {
  const id = `group-${randomUUID()}`;
  const producer = await connectProducer(kafka);
  const fatal: unknown[] = [];
  const onFatal = (error: unknown) => void fatal.push(error);
  const members = new Set<Consumer>();
  return {
    id,
    producer,
    fatal,
    async join(
      topic,
      handle,
      { codec = textCodec(), comesAgain, kafka: through = kafka, by = client, ...options } = {},
    ) {
      const handling = { topic, codec, handle: async (texts: Texts) => handle(texts) };
      const subscription = { ...handling, ...(comesAgain && { comesAgain }) };
      const subscriptions = [subscription as Subscription<unknown>];
      const rest = { groupId: id, subscriptions, deadLetters: producer, log: kafka.log, onFatal };
      const member = await consume({ ...rest, ...options, kafka: { ...through, ...by } });
      members.add(member);
      return member;
    },
    async untilCommitted(topic, ...offsets) {
      const committed = async () => expect(await committedOffsets(id, topic)).toEqual(offsets);
      await vi.waitFor(committed, within);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...members].map((member) => member[Symbol.asyncDispose]()));
      await producer[Symbol.asyncDispose]();
    },
  };
}

export function valuesOf(records: Texts): string[] {
  return records.map(({ value }) => value);
}
