// A chunk of which records wait for something of their own. Invariants: those that wait are told, the oldest
// of each thing first; all others are handled in a few calls.
import type { KafkaMessage } from "kafkajs";
import { expect, it } from "vitest";
import { PoisonRecordError, WaitsAloneError } from "#libs/errors.ts";
import { consumerHealth } from "#libs/kafka/consumer-health.ts";
import { failureRun } from "#libs/kafka/failure-run.ts";
import { handleChunk } from "#libs/kafka/handle-chunk.ts";
import type { Sendable, Subscription } from "#libs/kafka/ports.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { textCodec } from "#test/support/text-codec.ts";

/** Values are named for what they wait for; those of `silent` do not say so before they are handled. */
function chunkOf(values: string[], closed: string[], silent: string[] = []) {
  const calls: string[][] = [];
  const letters: Sendable[] = [];
  const subscription: Subscription<string> = {
    topic: "t",
    codec: textCodec(),
    async handle(records) {
      const texts = records.map(({ value }) => value);
      calls.push(texts);
      if (texts.includes("odd")) throw new PoisonRecordError("It is odd.");
      const waits = texts.find((text) => closed.includes(text.charAt(0)));
      if (waits) throw new WaitsAloneError(waits.charAt(0), `${waits.charAt(0)} is closed.`);
    },
    waitsFor: ({ value }) => (silent.includes(value) ? undefined : value.charAt(0)),
  };
  const messages = values.map((value, offset) => {
    return { offset: String(offset), key: null, value: Buffer.from(value), timestamp: "0" };
  });
  const handling = {
    groupId: "g",
    deadLetters: {
      publish: async (records: readonly Sendable[]) => void letters.push(...records),
      [Symbol.asyncDispose]: async () => undefined,
    },
    log: createLog("t", "silent"),
    health: consumerHealth(),
    failures: failureRun(),
    isOver: () => false,
    onProgress: () => undefined,
  };
  const place = { topic: "t", partition: 0 };
  const handled = handleChunk(messages as KafkaMessage[], place, subscription, handling);
  const waiting = handled.then((all) => all.map(({ message }) => values[Number(message.offset)]));
  return { waiting, calls, letters };
}

it("takes apart what waits, once for each thing, and hands over the rest together", async () => {
  const { waiting, calls } = chunkOf(["a1", "c1", "b1", "a2", "c2"], ["a", "b"]);
  expect(await waiting).toEqual(["a1", "b1", "a2"]);
  expect(calls.at(-1)).toEqual(["c1", "c2"]);
  expect(calls).toHaveLength(3);
});

it("hands nothing over where all of it waits", async () => {
  const { waiting, calls } = chunkOf(["a1", "a2"], ["a"]);
  expect(await waiting).toEqual(["a1", "a2"]);
  expect(calls).toHaveLength(1);
});

it("tells in order also what only its handling shows to wait", async () => {
  const { waiting } = chunkOf(["a1", "b1", "a2", "c1"], ["a", "b"], ["a1"]);
  expect(await waiting).toEqual(["a1", "b1", "a2"]);
});

it("sets an odd record aside among others that wait", async () => {
  const { waiting, letters } = chunkOf(["a1", "odd", "c1"], ["a"]);
  expect(await waiting).toEqual(["a1"]);
  expect(letters).toHaveLength(1);
});

it("hands the others of one that waits over in a few calls", async () => {
  const others = Array.from({ length: 511 }, (_, index) => `c${index}`);
  const { waiting, calls } = chunkOf(others.toSpliced(300, 0, "a1"), ["a"], ["a1"]);
  expect(await waiting).toEqual(["a1"]);
  // All, and two halves at each of nine levels.
  expect(calls).toHaveLength(19);
});

it("hands the others of an odd one over in order", async () => {
  const { waiting, calls, letters } = chunkOf(["c1", "c2", "odd", "c3", "c4"], []);
  expect(await waiting).toEqual([]);
  expect(letters).toHaveLength(1);
  const handled = calls.filter((texts) => !texts.includes("odd")).flat();
  expect(handled).toEqual(["c1", "c2", "c3", "c4"]);
});
