// Members of one consumer group that live as long as a test.
import { randomUUID } from "node:crypto";
import { type ConsumeOptions, consume } from "#libs/kafka/consume.ts";
import type { Consumer, IncomingRecord, Subscription } from "#libs/kafka/ports.ts";
import { kafka } from "#test/support/kafka.ts";
import { textCodec } from "#test/support/text-codec.ts";

export type Handle = (records: readonly IncomingRecord<string>[]) => Promise<void> | void;
type Given = Partial<ConsumeOptions> & Pick<ConsumeOptions, "deadLetters">;

export type Group = AsyncDisposable & {
  readonly id: string;
  /** What members told of as fatal, in order. */
  readonly fatal: readonly unknown[];
  join(subscriptions: Subscription<unknown>[], options: Given): Promise<Consumer>;
};

export function newGroup(): Group {
  const id = `group-${randomUUID()}`;
  const fatal: unknown[] = [];
  const onFatal = (error: unknown) => void fatal.push(error);
  const members = new Set<Consumer>();
  return {
    id,
    fatal,
    async join(subscriptions, options) {
      const rest = { kafka, groupId: id, subscriptions, log: kafka.log, onFatal };
      const member = await consume({ ...rest, ...options });
      members.add(member);
      return member;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...members].map((member) => member[Symbol.asyncDispose]()));
    },
  };
}

/** A subscription to records of text. */
export function textSubscription(
  topic: string,
  handle: Handle,
  codec = textCodec(),
): Subscription<unknown> {
  return {
    topic,
    codec,
    handle: async (records) => handle(records as readonly IncomingRecord<string>[]),
  };
}

export function valuesOf(records: readonly IncomingRecord<string>[]): string[] {
  return records.map(({ value }) => value);
}
