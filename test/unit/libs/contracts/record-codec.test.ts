import { expect, it } from "vitest";
import { compileSchema } from "#libs/contracts/avro-type.ts";
import type { CancelRequest, CancelRequestInit } from "#libs/contracts/generated/types.ts";
import { recordCodec, type WriterSchema } from "#libs/contracts/record-codec.ts";
import { readSchema } from "#libs/contracts/schemas.ts";
import { PoisonRecordError, RetriableError } from "#libs/errors.ts";
import { samples } from "#test/support/contract-samples.ts";

const OUR_ID = 7;
const sample = samples["cancel-request"];

const ours = {
  subject: "cancel-requests-value",
  type: compileSchema(readSchema("cancel-request")),
  schemaId: OUR_ID,
};

/** A codec whose registry knows `others` by their ids. */
function codec(others: Record<number, WriterSchema> = {}) {
  const findSchema = async (id: number) => others[id];
  return recordCodec<CancelRequest, CancelRequestInit>({ ...ours, findSchema });
}

/** `value` as another writer with another schema would send it. */
function written(value: unknown, fields: object[], id: number) {
  const record = { type: "record", name: "CancelRequest", namespace: "fallthrough", fields };
  const type = compileSchema(JSON.stringify(record));
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(id, 1);
  return { type, bytes: Buffer.concat([prefix, type.toBuffer(value)]) };
}

const oldFields = ["messageId", "accountId"].map((name) => ({ name, type: "string" }));

it("writes a zero byte and the schema's id in front of the Avro bytes", () => {
  expect(codec().encode(sample).subarray(0, 5)).toEqual(Buffer.from([0, 0, 0, 0, OUR_ID]));
});

it("decodes plain objects, and fills in what the writer left out", () => {
  const { messageId, accountId, requestedAt } = sample;
  const bytes = codec().encode({ messageId, accountId, requestedAt });
  const expected = { messageId, accountId, reason: null, requestedAt };
  expect(codec().decode(bytes)).toStrictEqual(expected);
});

it("encodes records that are larger than any before", () => {
  const large = { ...sample, reason: "x".repeat(1_000_000) };
  expect(codec().decode(codec().encode(large))).toStrictEqual(large);
});

it("gives every record bytes of its own", () => {
  const first = codec().encode(sample);
  codec().encode({ ...sample, messageId: "another" });
  expect(codec().decode(first)).toStrictEqual(sample);
});

it("names every field that does not fit, and no value", () => {
  const wrong = { ...sample, accountId: 65_912, requestedAt: "+6591234567" };
  const untyped = recordCodec<unknown, unknown>({ ...ours, findSchema: async () => undefined });
  const faults = "accountId is not string, requestedAt is not long";
  expect(() => untyped.encode(wrong)).toThrow(
    new TypeError(`fallthrough.CancelRequest cannot be encoded: ${faults}.`),
  );
});

it("reads what another schema wrote, once it has learnt that schema", async () => {
  const fields = [...oldFields, { name: "requestedAt", type: "long" }];
  const { type, bytes } = written({ ...sample, reason: undefined }, fields, 3);
  const reader = codec({ 3: { type } });
  await reader.learn([bytes, codec().encode(sample)]);
  expect(reader.decode(bytes)).toStrictEqual({ ...sample, reason: null });
});

it("asks the registry once for each schema that it does not know yet", async () => {
  const asked: number[] = [];
  const { type, bytes } = written(sample, [...oldFields, { name: "requestedAt", type: "long" }], 3);
  const reader = recordCodec({
    ...ours,
    findSchema: async (id) => {
      asked.push(id);
      return { type };
    },
  });
  await reader.learn([bytes, bytes, codec().encode(sample)]);
  await reader.learn([bytes]);
  expect(asked).toEqual([3]);
});

it("lets the caller retry while the registry cannot be asked", async () => {
  const { bytes } = written(sample, oldFields, 3);
  const reader = recordCodec({
    ...ours,
    findSchema: () => Promise.reject(new RetriableError("The registry is down.")),
  });
  await expect(reader.learn([bytes])).rejects.toThrow(RetriableError);
});

const good = codec().encode(sample);
const unknownId = Buffer.from(good).fill(0xff, 1, 5);

it.each([
  ["is empty", Buffer.alloc(0), "wire format"],
  ["is not in wire format", Buffer.from("hello, world"), "wire format"],
  ["has an id that the registry does not know", unknownId, "no schema with id 4294967295"],
  ["ends too early", good.subarray(0, -1), "ends too early"],
  ["goes on too long", Buffer.concat([good, Buffer.alloc(2)]), "2 bytes too many"],
])("calls a value poison that %s", async (_what, bytes, reason) => {
  const reader = codec();
  await reader.learn([bytes]);
  expect(() => reader.decode(bytes)).toThrow(PoisonRecordError);
  expect(() => reader.decode(bytes)).toThrow(reason);
});

it("calls a value poison whose schema is another record's, or not Avro", async () => {
  const { type, bytes } = written({ messageId: "m" }, oldFields.slice(0, 1), 3);
  const other = Buffer.from(bytes).fill(4, 4, 5);
  const reader = codec({ 3: { type }, 4: { reason: "Schema 4 is not Avro." } });
  await reader.learn([bytes, other]);
  expect(() => reader.decode(bytes)).toThrow(/cannot be read as fallthrough.CancelRequest/);
  expect(() => reader.decode(other)).toThrow("Schema 4 is not Avro.");
});
