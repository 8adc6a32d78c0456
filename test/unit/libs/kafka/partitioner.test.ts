import { assert, oneof, property, string, uint8Array, uuid } from "fast-check";
import kafkajs from "kafkajs";
import { expect, it } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import { keyPartitioner } from "#libs/kafka/kafkajs/key-partitioner.ts";
import { murmur2 } from "#libs/kafka/partitioner.ts";

const partitionMetadata = Array.from({ length: 12 }, (_, partitionId) => {
  return { partitionErrorCode: 0, partitionId, leader: 1, replicas: [1], isr: [1] };
});
const [ours, theirs] = [keyPartitioner(), kafkajs.Partitioners.DefaultPartitioner()];

it("chooses the partition that every other client would choose", () => {
  const key = oneof(
    string(),
    uuid(),
    uint8Array().map((bytes) => Buffer.from(bytes)),
  );
  assert(
    property(key, (each) => {
      const args = { topic: "t", partitionMetadata, message: { key: each, value: null } };
      expect(ours(args)).toBe(theirs(args));
    }),
    { numRuns: 5_000 },
  );
});

// From the tests of Kafka's Java client (UtilsTest.testMurmur2).
it.each([
  ["21", -973932308],
  ["foobar", -790332482],
  ["a-little-bit-long-string", -985981536],
  ["a-little-bit-longer-string", -1486304829],
  ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
  ["abc", 479470107],
])("hashes %s as Kafka does", (text, hash) => {
  expect(murmur2(Buffer.from(text))).toBe(hash);
});

it("leaves a record in the partition that it names", () => {
  const message = { key: "k", value: null, partition: 7 };
  expect(ours({ topic: "t", partitionMetadata, message })).toBe(7);
});

it("sends a record nowhere whose partition is not there: it waits", () => {
  const message = { key: "k", value: null, partition: 12 };
  expect(() => ours({ topic: "t", partitionMetadata, message })).toThrow(RetriableError);
});
