// The shape of a record type's bytes: Confluent wire format (a zero byte, the schema's id, Avro).
import { PoisonRecordError } from "#libs/errors.ts";
import type { Fault } from "./bound.ts";

/**
 * Encodes and decodes one record type. `Given` is what a writer gives: `T`, or its `TInit` that
 * leaves out fields with a default.
 */
export type Codec<T, Given = T> = {
  /** The registry's subject, `<topic>-value`. */
  readonly subject: string;
  /**
   * Bytes in Confluent wire format; U+FFFD stands for what is no Unicode. Throws a TypeError that
   * names the field that does not fit.
   */
  encode(value: Given): Buffer;
  /**
   * Decodes values, in order, each with the schema of its writer, which is learnt first: there is no
   * other way to decode, so nobody can forget to. What is decoded is within its bounds
   * (`bounds.ts`). Throws RetriableError while the registry cannot be asked, or may yet learn of a
   * schema.
   */
  read(values: readonly Buffer[]): Promise<Read<T>[]>;
};

/**
 * What bytes say, or why they say nothing. `faults` are what was out of bounds and leaves the sender
 * an answer; in `value` something stands in for it.
 */
export type Read<T> = { value: T; faults: readonly Fault[] } | PoisonRecordError;

/** The value, for who has no use for one that is poison. Throws PoisonRecordError. */
export function valueOf<T>(read: Read<T>): T {
  if (read instanceof PoisonRecordError) throw read;
  return read.value;
}

/** Reads one value. Throws PoisonRecordError, and RetriableError as `read` does. */
export async function readOne<T>(codec: Pick<Codec<T>, "read">, bytes: Buffer): Promise<T> {
  const [value] = (await codec.read([bytes])).map(valueOf);
  if (value === undefined) throw new Error("One value has one reading.");
  return value;
}

/** Reads what each item holds, if it holds anything, beside the item. */
export async function readEach<Item, T>(
  items: readonly Item[],
  bytesOf: (item: Item) => Buffer | null,
  codec: Pick<Codec<T>, "read">,
): Promise<{ item: Item; read: Read<T> | null }[]> {
  const bytes = items.map(bytesOf);
  const reads = (await codec.read(bytes.filter((each) => each !== null))).values();
  return items.map((item, index) => {
    return { item, read: bytes[index] ? (reads.next().value ?? null) : null };
  });
}

/** Likewise, without the items that hold nothing, or nothing that can be read. */
export async function readGood<Item, T>(
  items: readonly Item[],
  bytesOf: (item: Item) => Buffer | null,
  codec: Pick<Codec<T>, "read">,
): Promise<{ item: Item; value: T }[]> {
  const reads = await readEach(items, bytesOf, codec);
  return reads.flatMap(({ item, read }) =>
    read === null || read instanceof PoisonRecordError ? [] : [{ item, value: read.value }],
  );
}
