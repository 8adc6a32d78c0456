// Records as nobody should send them: a good one, changed in a field, a byte, its schema's id, its
// key or its headers.
import type avsc from "avsc";
import * as fc from "fast-check";
import type { SchemaName } from "#libs/contracts/schemas.ts";
import { samples } from "#test/support/contract-samples.ts";
import { NO_VALUE } from "./odd-codec.ts";
import { arbitraryNear } from "./odd-values.ts";

export type OddRecord = {
  key: Buffer | string | null;
  value: Buffer | null;
  headers: Record<string, Buffer | string | (Buffer | string)[]>;
  compression: "none" | "gzip" | "zstd";
};

/** The good record's shape, in its wide form, and the id under which the registry knows it. */
type Kind = { schema: SchemaName; type: avsc.Type; wide: avsc.Type; schemaId: number };

/** Ids of messages are few, so that what is fuzzed on one topic meets what came by another. */
const messageId = fc.integer({ min: 0, max: 99 }).map((number) => `fuzz-${number}`);

/** Records about messages `fuzz-0` to `fuzz-99`, most of them odd in one way, some in several. */
export function oddRecords(kind: Kind): fc.Arbitrary<OddRecord> {
  return messageId.chain((id) =>
    fc.record({
      key: fc.oneof({ weight: 8, arbitrary: fc.constant(id) }, oddKey),
      value: oddValue(kind, id),
      headers: fc.oneof({ weight: 6, arbitrary: fc.constant({}) }, oddHeaders),
      compression: fc.constantFrom("none", "gzip", "zstd"),
    }),
  );
}

function oddValue(kind: Kind, id: string): fc.Arbitrary<Buffer | null> {
  const good = goodValue(kind, id);
  const { schemaId } = kind;
  const fields = arbitraryNear(kind.wide, wideOf(kind, good)).map((value) =>
    framed(kind.wide.toBuffer(value), schemaId),
  );
  const sound = framed(kind.type.toBuffer(good), schemaId);
  return fc.oneof(
    { weight: 60, arbitrary: fields },
    { weight: 20, arbitrary: oddBytes(sound) },
    { weight: 10, arbitrary: oddSchemaId.map((other) => framed(sound.subarray(5), other)) },
    { weight: 3, arbitrary: fc.constantFrom(null, Buffer.alloc(0), Buffer.from([0])) },
    { weight: 3, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  );
}

/** The sample of its type as a record of now, about message `id`. */
function goodValue({ schema }: Kind, id: string): Record<string, unknown> {
  const now = Date.now();
  const about = { ...samples[schema], messageId: id };
  switch (schema) {
    case "setting":
      return { ...samples[schema], accountId: "fuzz" };
    case "send-request":
      return { ...about, callbackUrl: null, scheduledAt: null, expiresAt: null, requestedAt: now };
    case "dispatch-command":
      return { ...about, commandId: `${id}:1`, notAfter: now + 60_000, issuedAt: now };
    default:
      return about;
  }
}

/** Read as the wide type what was written as the narrow one: the bytes are the same. */
function wideOf({ type, wide }: Kind, value: unknown): unknown {
  return wide.fromBuffer(type.toBuffer(value));
}

function framed(avro: Buffer, schemaId: number): Buffer {
  const frame = Buffer.alloc(5);
  frame.writeInt32BE(schemaId, 1);
  return Buffer.concat([frame, avro]);
}

const oddSchemaId = fc.oneof(
  fc.integer({ min: 0, max: 30 }),
  fc.constantFrom(-1, 2 ** 31 - 1, -(2 ** 31)),
  fc.integer(),
);

/** Cut off, grown, or with bytes that are others. */
function oddBytes(sound: Buffer): fc.Arbitrary<Buffer> {
  const place = fc.nat({ max: sound.length });
  const cut = place.map((at) => sound.subarray(0, at));
  const grown = fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 64 }));
  const flipped = fc.array(fc.tuple(place, fc.nat({ max: 255 })), { minLength: 1, maxLength: 8 });
  return fc.oneof(
    cut,
    grown.map(([at, more]) => Buffer.concat([sound.subarray(0, at), more, sound.subarray(at)])),
    flipped.map((changes) => {
      const bytes = Buffer.from(sound);
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      return bytes;
    }),
  );
}

const anyBytes = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
const oddKey = fc.oneof(anyBytes, fc.constantFrom(null, "", "k".repeat(100_000), "\0", "a:b:0"));

const oddHeaders = fc.dictionary(
  fc.oneof(fc.string(), fc.constantFrom("traceparent", "ft-counter", "ft-dlt-reason", "")),
  fc.oneof(
    anyBytes,
    fc.constantFrom<string | string[]>(
      NO_VALUE,
      [NO_VALUE, "x"],
      ["a", "b"],
      "",
      "h".repeat(5_000),
    ),
  ),
  { maxKeys: 5, noNullPrototype: true },
);
