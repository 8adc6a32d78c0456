import { expect, it } from "vitest";
import { compileSchema } from "#libs/contracts/avro-type.ts";
import { readOne } from "#libs/contracts/codec.ts";
import type {
  CancelRequest,
  CancelRequestInit,
  SendRequest,
} from "#libs/contracts/generated/types.ts";
import { recordCodec } from "#libs/contracts/record-codec.ts";
import { readSchema } from "#libs/contracts/schemas.ts";
import { encodeRecord } from "#libs/contracts/wire-format.ts";
import {
  type FindSchema,
  type WriterSchema,
  writerSchemas,
} from "#libs/contracts/writer-schemas.ts";
import { PoisonRecordError, RetriableError } from "#libs/errors.ts";
import { samples } from "#test/support/contract-samples.ts";

const OUR_ID = 7;
const sample = samples["cancel-request"];

/** A codec with a registry of its own. */
function codecWith<Given = CancelRequestInit>(find: FindSchema, now?: () => number) {
  return recordCodec<CancelRequest, Given>({
    subject: "cancel-requests-value",
    type: compileSchema(readSchema("cancel-request")),
    schemaId: OUR_ID,
    writers: writerSchemas(find, now),
    admit: (value) => ({ value, faults: [] }),
  });
}

/** A codec whose registry knows `others` by their ids. */
function codec(others: Record<number, WriterSchema> = {}) {
  return codecWith(async (id) => others[id]);
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

it("decodes plain objects, and fills in what the writer left out", async () => {
  const { messageId, accountId, requestedAt } = sample;
  const bytes = codec().encode({ messageId, accountId, requestedAt });
  const expected = { messageId, accountId, reason: null, requestedAt };
  expect(await readOne(codec(), bytes)).toStrictEqual(expected);
});

it("encodes records that are larger than any before", async () => {
  const large = { ...sample, reason: "x".repeat(1_000_000) };
  expect(await readOne(codec(), codec().encode(large))).toStrictEqual(large);
});

it("gives every record bytes of its own", async () => {
  const first = codec().encode(sample);
  codec().encode({ ...sample, messageId: "another" });
  expect(await readOne(codec(), first)).toStrictEqual(sample);
});

it("names every field that does not fit, and no value", () => {
  const wrong = { ...sample, accountId: 65_912, requestedAt: "+6591234567" };
  const untyped = codecWith<unknown>(async () => undefined);
  const faults = "accountId is not string, requestedAt is not long";
  expect(() => untyped.encode(wrong)).toThrow(
    new TypeError(`fallthrough.CancelRequest cannot be encoded: ${faults}.`),
  );
});

it("reads what another schema wrote, beside what ours did, in order", async () => {
  const fields = [...oldFields, { name: "requestedAt", type: "long" }];
  const { type, bytes } = written({ ...sample, reason: undefined }, fields, 3);
  const reader = codec({ 3: { type } });
  const reads = await reader.read([bytes, good, bytes]);
  const theirs = { value: { ...sample, reason: null }, faults: [] };
  expect(reads).toStrictEqual([theirs, { value: sample, faults: [] }, theirs]);
});

it("asks the registry once for each schema that it does not know yet", async () => {
  const asked: number[] = [];
  const { type, bytes } = written(sample, [...oldFields, { name: "requestedAt", type: "long" }], 3);
  const reader = codecWith(async (id) => {
    asked.push(id);
    return { type };
  });
  await reader.read([bytes, bytes, good]);
  await reader.read([bytes]);
  expect(asked).toEqual([3]);
});

it("lets the caller retry while the registry cannot be asked", async () => {
  const { bytes } = written(sample, oldFields, 3);
  const reader = codecWith(() => Promise.reject(new RetriableError("The registry is down.")));
  await expect(reader.read([bytes])).rejects.toThrow(RetriableError);
});

const good = codec().encode(sample);

it.each([
  ["is empty", Buffer.alloc(0), "wire format"],
  ["is not in wire format", Buffer.from("hello, world"), "wire format"],
  ["is nothing but zeros", Buffer.alloc(20), "wire format"],
  ["has an id that no registry gives", Buffer.from("0080000000", "hex"), "wire format"],
  ["ends too early", good.subarray(0, -1), "ends too early"],
  ["goes on too long", Buffer.concat([good, Buffer.alloc(2)]), "2 bytes too many"],
])("calls a value poison that %s, and reads its neighbours", async (_what, bytes, reason) => {
  const [before, poison, after] = await codec().read([good, bytes, good]);
  expect(poison).toBeInstanceOf(PoisonRecordError);
  expect(poison).toMatchObject({ reason: expect.stringContaining(reason) });
  expect([before, after]).toEqual(Array.from({ length: 2 }, () => ({ value: sample, faults: [] })));
});

it("reads records that their writer has put into a package of its own", async () => {
  const packaged = readSchema("send-request").replace('"fallthrough"', '"com.shop.messaging"');
  const writer = compileSchema(packaged);
  const frame = Buffer.from([0, 0, 0, 0, 9]);
  const bytes = Buffer.concat([frame, writer.toBuffer(samples["send-request"])]);
  const reader = recordCodec<SendRequest, SendRequest>({
    subject: "send-requests-value",
    type: compileSchema(readSchema("send-request")),
    schemaId: OUR_ID,
    writers: writerSchemas(async () => ({ type: writer })),
    admit: (value) => ({ value, faults: [] }),
  });
  expect(await readOne(reader, bytes)).toStrictEqual(samples["send-request"]);
});

it("calls a value poison whose schema is another record's, or not Avro", async () => {
  const { type, bytes } = written({ messageId: "m" }, oldFields.slice(0, 1), 3);
  const other = Buffer.from(bytes).fill(4, 4, 5);
  const reader = codec({ 3: { type }, 4: { reason: "Schema 4 is not Avro." } });
  expect(await reader.read([bytes, other])).toMatchObject([
    { reason: expect.stringContaining("cannot be read as fallthrough.CancelRequest") },
    { reason: "Schema 4 is not Avro." },
  ]);
});

function unknown(id: number) {
  return { reason: `The registry knows no schema with id ${id}.` };
}

/** Bytes that name a schema's id. */
function under(id: number): Buffer {
  const bytes = Buffer.from(good);
  bytes.writeUInt32BE(id, 1);
  return bytes;
}

it("waits for an id that the registry may yet learn of, and asks once a second", async () => {
  let nowMs = 0;
  const asked: number[] = [];
  const known = new Map<number, WriterSchema>();
  const reader = codecWith(
    async (id) => {
      asked.push(id);
      return known.get(id);
    },
    () => nowMs,
  );
  await expect(reader.read([under(40)])).rejects.toThrow(RetriableError);
  await expect(reader.read([under(40), under(40)])).rejects.toThrow(RetriableError);
  expect(asked).toEqual([40]);
  nowMs = 2_000;
  known.set(40, { type: compileSchema(readSchema("cancel-request")) });
  expect(await reader.read([under(40)])).toEqual([{ value: sample, faults: [] }]);
});

it("calls an id that stays unknown poison, and for a minute waits for no other", async () => {
  let nowMs = 0;
  const reader = codecWith(
    async () => undefined,
    () => nowMs,
  );
  await expect(reader.read([good, under(41)])).rejects.toThrow(RetriableError);
  nowMs = 6_000;
  const reads = await reader.read([good, under(41), under(42)]);
  expect(reads).toMatchObject([{ value: sample }, unknown(41), unknown(42)]);
  nowMs = 120_000;
  await expect(reader.read([under(43)])).rejects.toThrow(RetriableError);
});

it.each(["Hi \ud83d there", "\udc00", `${"long ".repeat(40)}\ud83d`, "\ud83d\ud83d\ude00"])(
  "writes U+FFFD, and no other byte, for half of a surrogate pair: %j",
  async (text) => {
    const bytes = codec().encode({ ...sample, messageId: text, reason: text });
    expect(bytes).toEqual(
      codec().encode({ ...sample, messageId: text.toWellFormed(), reason: text.toWellFormed() }),
    );
    const read = await readOne(codec(), bytes);
    expect(read).toEqual({
      ...sample,
      messageId: text.toWellFormed(),
      reason: text.toWellFormed(),
    });
  },
);

it("leaves numbers, bytes and whole texts as they are, though they look like half a pair", async () => {
  // Varints of these begin with ED A0; the text's characters are Hangul, whose UTF-8 begins with ED.
  for (const requestedAt of [-0x2837, 0x7fff_ed50, -0x1037, 1_790_000_000_119]) {
    const value = { ...sample, reason: "한글 힣", requestedAt };
    expect(await readOne(codec(), codec().encode(value))).toEqual(value);
  }
});

it("writes well-formed names of a map's members", () => {
  const type = compileSchema(
    '{"type":"record","name":"R","fields":[{"name":"m","type":{"type":"map","values":"string"}},{"name":"b","type":"bytes"}]}',
  );
  const b = Buffer.from([0xed, 0xa0, 0xbd]);
  const bytes = encodeRecord({ m: { "\ud83d": "x" }, b }, type, 1);
  expect(type.decode(bytes, 5).value).toEqual({ m: { "\ufffd": "x" }, b });
});

it("reads nothing with a schema that multiplies its values", async () => {
  const wide = Array.from({ length: 200 }, (_, index) => ({ name: `f${index}`, type: "int" }));
  const inner = { type: "record", name: "Inner", fields: wide };
  const many = wide.map(({ name }, index) => ({ name, type: index === 0 ? inner : "Inner" }));
  const fields = [...oldFields, { name: "requestedAt", type: "long" }, ...many];
  const heavy = { type: "record", name: "CancelRequest", fields };
  const type = compileSchema(JSON.stringify(heavy));
  const bytes = Buffer.concat([Buffer.from([0, 0, 0, 0, 9]), Buffer.alloc(9)]);
  const read = readOne(codec({ 9: { type } }), bytes);
  await expect(read).rejects.toThrow(/CancelRequest is not read: .*10000 values/);
});
