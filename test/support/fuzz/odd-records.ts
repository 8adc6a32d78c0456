// Records as nobody should send them: a good one, changed in a field, a byte, its schema, its key, its
// headers or in how its batch is packed.
import type avsc from "avsc";
import * as fc from "fast-check";
import type { SchemaName } from "#libs/contracts/schemas.ts";
import { samples } from "#test/support/contract-samples.ts";
import type { RawRecord } from "#test/support/record-batch.ts";
import { type Labelled, labelled } from "./levels.ts";
import { oddBytes } from "./odd-bytes.ts";
import { oddPacking, type Packing } from "./odd-packing.ts";
import { arbitraryNear } from "./odd-values.ts";
import type { OtherSchemas } from "./other-schemas.ts";

export type OddRecord = RawRecord & { packing: Packing; labels: readonly string[] };

type Kind = {
  schema: SchemaName;
  /** What its good record says of its own, such as its topic's channel. */
  given: Readonly<Record<string, unknown>>;
  type: avsc.Type;
  /** The same in its wide form, see wide-schema.ts. */
  wide: avsc.Type;
  /** The id under which the registry knows it. */
  schemaId: number;
  others: OtherSchemas;
};

/** Stands for the message's id until the record is made: ids have the same length, so lengths fit. */
const ANY_ID = Buffer.from("fuzz-0000-##");
/** Messages of a round: few, so that what lies on one topic meets what lies on another. */
const MESSAGE_COUNT = 100;

/** Records about the messages of a round, most of them odd in one way, some in several. */
export function oddRecords(kind: Kind, round: number): fc.Arbitrary<OddRecord> {
  const good = goodValue(kind);
  const any = fc.record({
    key: fc.oneof({ weight: 12, arbitrary: fc.constant(labelled(keyOf(kind))) }, oddKey),
    value: oddValue(kind, good),
    headers: fc.oneof({ weight: 9, arbitrary: fc.constant(labelled([])) }, oddHeaders),
    packing: oddPacking,
  });
  return fc.tuple(fc.nat({ max: MESSAGE_COUNT - 1 }), any).map(([number, draft]) => {
    const id = Buffer.from(`fuzz-${pad(round, 4)}-${pad(number, 2)}`);
    const { key, value, headers, packing } = draft;
    return {
      key: key.it && about(id, key.it),
      value: value.it && about(id, value.it),
      headers: headers.it,
      packing: packing.it,
      labels: Object.values(draft).flatMap(({ label }) => label ?? []),
    };
  });
}

function pad(number: number, length: number): string {
  return String(number).padStart(length, "0").slice(-length);
}

/** A copy in which every placeholder is `id`. */
function about(id: Buffer, bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = copy.indexOf(ANY_ID); at !== -1; at = copy.indexOf(ANY_ID, at)) id.copy(copy, at);
  return copy;
}

function keyOf({ schema }: Kind): Buffer {
  return schema === "setting" ? Buffer.from("fuzz/channel/whatsapp") : ANY_ID;
}

type OddValue = fc.Arbitrary<Labelled<Buffer | null>>;

function oddValue(kind: Kind, good: Record<string, unknown>): OddValue {
  const { type, wide, schemaId, others } = kind;
  const sound = framed(type.toBuffer(good), schemaId);
  // Read as the wide type what was written as the narrow one: the bytes are the same.
  const field = arbitraryNear(wide, wide.fromBuffer(type.toBuffer(good))).map((value) => {
    return labelled(framed(wide.toBuffer(value), schemaId), "field");
  });
  const unknown = unknownId.map((id) => labelled(framed(sound.subarray(5), id), "schema/unknown"));
  const compatible = fc.constantFrom(...others.compatible).map((other) => {
    return labelled(framed(other.type.toBuffer({ ...good, ...other.more }), other.id), other.label);
  });
  const unfit = fc
    .constantFrom(...others.unfit)
    .map(({ id, label }) => labelled(framed(sound.subarray(5), id), label));
  return fc.oneof(
    { weight: 60, arbitrary: field },
    { weight: 20, arbitrary: oddBytes(sound).map((bytes) => labelled(bytes, "byte")) },
    { weight: 4, arbitrary: unknown },
    { weight: 5, arbitrary: compatible },
    { weight: 4, arbitrary: unfit },
    { weight: 3, arbitrary: noValue },
    { weight: 4, arbitrary: fc.constant(labelled(sound, "sound")) },
  );
}

const noValue: OddValue = fc
  .constantFrom(null, Buffer.alloc(0), Buffer.from([0]))
  .map((bytes) => labelled(bytes, "byte/none"));

/** The sample of its type as a record of now. */
function goodValue({ schema, given }: Kind): Record<string, unknown> {
  const now = Date.now();
  const id = ANY_ID.toString();
  const sample = { ...samples[schema], messageId: id, ...given };
  switch (schema) {
    case "setting":
      return { ...samples[schema], accountId: "fuzz" };
    case "send-request":
      return { ...sample, callbackUrl: null, scheduledAt: null, expiresAt: null, requestedAt: now };
    case "dispatch-command":
      return { ...sample, commandId: `${id}:1`, notAfter: now + 60_000, issuedAt: now };
    default:
      return sample;
  }
}

function framed(avro: Buffer, schemaId: number): Buffer {
  const frame = Buffer.alloc(5);
  frame.writeInt32BE(schemaId, 1);
  return Buffer.concat([frame, avro]);
}

/** Mostly the same ones: each new one is asked for. */
const unknownId = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 900_000, max: 900_007 }) },
  { weight: 3, arbitrary: fc.constantFrom(0, -1, 2 ** 31 - 1, -(2 ** 31)) },
  fc.integer(),
);

const anyBytes = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
const oddKey = fc
  .oneof(
    anyBytes,
    fc
      .constantFrom("", "k".repeat(100_000), "\0", "a:b:0", "fuzz/account/fuzz")
      .map((text) => Buffer.from(text)),
    fc.constant(null),
  )
  .map((key) => labelled(key, "key"));

const headerName = fc.oneof(
  anyBytes,
  fc.constantFrom("traceparent", "ft-counter", "ft-dlt-reason", "__proto__", "constructor", ""),
);
const headerValue = fc.oneof(anyBytes, fc.constantFrom(null, "", "h".repeat(5_000)));
const oddHeaders = fc
  .array(fc.tuple(headerName, headerValue), { minLength: 1, maxLength: 5 })
  // A name may be there twice.
  .map((pairs) => labelled([...pairs, ...pairs.slice(0, 1)], "header"));
