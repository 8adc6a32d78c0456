// Bytes of one record type, written with our schema and read with whatever schema their writer had.
import type { Type } from "avsc";
import { PoisonRecordError } from "#libs/errors.ts";
import type { Codec, Read } from "./codec.ts";
import { tooHeavy } from "./schema-weight.ts";
import type { Skim } from "./skim.ts";
import { AVRO_OFFSET, encodeRecord, schemaIdOf } from "./wire-format.ts";
import type { WriterSchema, WriterSchemas } from "./writer-schemas.ts";

/** Writers' schemas kept. A subject rarely has ten; beyond this a writer has gone wild. */
const WRITER_COUNT_MAX = 1_000;

export type RecordCodecOptions<T> = {
  subject: string;
  /** Our schema, and the id that the registry gave it. */
  type: Type;
  schemaId: number;
  writers: WriterSchemas;
  /** A faster way to read what a writer's schema has, where there is one. */
  skim?: (writer: Type) => Skim | undefined;
  /** Holds a decoded value, whose record had so many bytes, within its bounds. */
  admit: (value: T, byteCount: number) => Read<T>;
};

/** How to read what was written with one schema, or why that cannot be read. */
type Reading = { decode: Decode } | { reason: string };
type Decode = (value: Buffer) => { value: unknown; offset: number };

/** A codec of one record type. What `T` and `Given` are is up to the schema behind `type`. */
export function recordCodec<T, Given>(options: RecordCodecOptions<T>): Codec<T, Given> {
  const { subject, type, schemaId, writers, skim, admit } = options;
  const own: Reading = { decode: (value) => type.decode(value, AVRO_OFFSET) };
  const readings = new Map<number, Reading>([[schemaId, own]]);

  /** How to read each of `values`. Only a schema that was never seen makes anybody wait. */
  async function learn(values: readonly Buffer[]): Promise<ReadonlyMap<number, Reading>> {
    const unknown = new Set<number>();
    for (const value of values) {
      const id = schemaIdOf(value);
      if (id !== undefined && !readings.has(id)) unknown.add(id);
    }
    if (unknown.size === 0) return readings;
    // Others may forget, while we wait, what we know by now.
    const learnt = new Map(readings);
    const found = await writers.findAll([...unknown]);
    if (readings.size + found.size > WRITER_COUNT_MAX) readings.clear();
    readings.set(schemaId, own);
    for (const [id, writer] of found) {
      const reading = readingOf(writer, type, skim);
      readings.set(id, reading);
      learnt.set(id, reading);
    }
    return learnt;
  }

  function decode(value: Buffer, learnt: ReadonlyMap<number, Reading>): Read<T> {
    const id = schemaIdOf(value);
    if (id === undefined)
      return new PoisonRecordError("The value is not in Confluent wire format.");
    const reading = learnt.get(id);
    if (!reading) return new PoisonRecordError(`The registry knows no schema with id ${id}.`);
    if ("reason" in reading) return new PoisonRecordError(reading.reason);
    const decoded = decodeWhole(value, reading.decode, type);
    if (decoded instanceof PoisonRecordError) return decoded;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `type` reads is a T
    return admit(decoded.value as T, value.length);
  }

  return {
    subject,
    encode: (value) => encodeRecord(value, type, schemaId),
    async read(values) {
      const learnt = await learn(values);
      return values.map((value) => decode(value, learnt));
    },
  };
}

function readingOf(
  writer: WriterSchema,
  reader: Type,
  skim: RecordCodecOptions<unknown>["skim"],
): Reading {
  if ("reason" in writer) return writer;
  try {
    const heavy = tooHeavy(writer.type);
    if (heavy !== undefined) return { reason: `A ${writer.type.name} is not read: ${heavy}.` };
    const skimmed = skim?.(writer.type);
    if (skimmed)
      return { decode: (value) => ({ value: skimmed(value, AVRO_OFFSET), offset: value.length }) };
    // As Java's readers and the registry do: senders put our records into packages of their own.
    const resolver = reader.createResolver(writer.type, { ignoreNamespaces: true });
    return { decode: (value) => reader.decode(value, AVRO_OFFSET, resolver) };
  } catch (error) {
    return { reason: `A ${writer.type.name} cannot be read as ${reader.name}: ${String(error)}` };
  }
}

function decodeWhole(
  value: Buffer,
  decode: Decode,
  { name }: Type,
): { value: unknown } | PoisonRecordError {
  try {
    const { offset, value: decoded } = decode(value);
    if (offset === value.length) return { value: decoded };
    const fault = offset < 0 ? "ends too early" : `has ${value.length - offset} bytes too many`;
    return new PoisonRecordError(`The ${name} ${fault}.`);
  } catch (cause) {
    return new PoisonRecordError(`The bytes are not a ${name}: ${String(cause)}`, { cause });
  }
}
