// Bytes of one record type, written with our schema and read with whatever schema their writer had.
import type { Type } from "avsc";
import { PoisonRecordError } from "#libs/errors.ts";
import type { Codec } from "./codec.ts";
import { AVRO_OFFSET, encodeRecord, schemaIdOf } from "./wire-format.ts";

/** Writers' schemas kept. A subject rarely has ten; beyond this a writer has gone wild. */
const WRITER_COUNT_MAX = 1_000;

/** A writer's schema, or why it cannot be used: it is not Avro, say. */
export type WriterSchema = { type: Type } | { reason: string };

export type RecordCodecOptions = {
  subject: string;
  /** Our schema, and the id that the registry gave it. */
  type: Type;
  schemaId: number;
  /** Asks the registry; undefined for an id that it does not know. Throws RetriableError. */
  findSchema: (schemaId: number) => Promise<WriterSchema | undefined>;
};

/** How to read what was written with one schema, or why that cannot be read. */
type Reading = { decode: Decode } | { reason: string };
type Decode = (value: Buffer) => { value: unknown; offset: number };

/** A codec of one record type. What `T` and `Given` are is up to the schema behind `type`. */
export function recordCodec<T, Given>(options: RecordCodecOptions): Codec<T, Given> {
  const { subject, type, schemaId, findSchema } = options;
  const own: Reading = { decode: (value) => type.decode(value, AVRO_OFFSET) };
  const readings = new Map<number, Reading>([[schemaId, own]]);

  async function learn(values: readonly Buffer[]): Promise<void> {
    const ids = new Set(values.map(schemaIdOf));
    if (readings.size + ids.size > WRITER_COUNT_MAX) readings.clear();
    readings.set(schemaId, own);
    for (const id of ids) {
      if (id === undefined || readings.has(id)) continue;
      // An id that is not known stays so until the next batch: it may yet be registered.
      const writer = await findSchema(id);
      if (writer) readings.set(id, readingOf(writer, type));
    }
  }

  function decode(value: Buffer): T {
    const id = schemaIdOf(value);
    if (id === undefined) throw new PoisonRecordError("The value is not in Confluent wire format.");
    const reading = readings.get(id);
    if (!reading) throw new PoisonRecordError(`The registry knows no schema with id ${id}.`);
    if ("reason" in reading) throw new PoisonRecordError(reading.reason);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `type` reads is a T
    return decodeWhole(value, reading.decode, type) as T;
  }

  return { subject, learn, decode, encode: (value) => encodeRecord(value, type, schemaId) };
}

function readingOf(writer: WriterSchema, reader: Type): Reading {
  if ("reason" in writer) return writer;
  try {
    const resolver = reader.createResolver(writer.type);
    return { decode: (value) => reader.decode(value, AVRO_OFFSET, resolver) };
  } catch (error) {
    return { reason: `A ${writer.type.name} cannot be read as ${reader.name}: ${String(error)}` };
  }
}

function decodeWhole(value: Buffer, decode: Decode, { name }: Type): unknown {
  const { offset, value: decoded } = decodePart(value, decode, name);
  if (offset === value.length) return decoded;
  const fault = offset < 0 ? "ends too early" : `has ${value.length - offset} bytes too many`;
  throw new PoisonRecordError(`The ${name} ${fault}.`);
}

function decodePart(value: Buffer, decode: Decode, name: string | undefined) {
  try {
    return decode(value);
  } catch (cause) {
    throw new PoisonRecordError(`The bytes are not a ${name}: ${String(cause)}`, { cause });
  }
}
