// Confluent's wire format: a zero byte, the id of the writer's schema as 4 bytes, then Avro.
import type { Type } from "avsc";

const MAGIC_BYTE = 0;
/** Where Avro starts. */
export const AVRO_OFFSET = 5;
/** Room for almost every record. It grows to the largest one that was ever encoded. */
let scratch = Buffer.allocUnsafe(64 * 1024);

/**
 * The id of the writer's schema; undefined where the bytes are not in wire format. Registries count from 1 up to the largest
 * of Java's ints: what asks for another is answered by what stands in front of their schemas, which says nothing of them.
 */
export function schemaIdOf(value: Buffer): number | undefined {
  if (value.length < AVRO_OFFSET || value[0] !== MAGIC_BYTE) return undefined;
  const id = value.readInt32BE(1);
  return id > 0 ? id : undefined;
}

/**
 * Encodes a value. Texts are UTF-8 whatever is in them: U+FFFD stands for half of a surrogate pair.
 * Throws a TypeError that names the fields that do not fit.
 */
export function encodeRecord(value: unknown, type: Type, schemaId: number): Buffer {
  let end = encodeToScratch(value, type);
  if (mayHoldSurrogate(scratch.subarray(AVRO_OFFSET, end))) {
    end = encodeToScratch(wellFormed(value), type);
  }
  scratch[0] = MAGIC_BYTE;
  scratch.writeUInt32BE(schemaId, 1);
  return Buffer.from(scratch.subarray(0, end));
}

/** What avsc begins half a surrogate pair of a short text with. In UTF-8 only 80 to 9f follow it. */
const SURROGATE_LEAD = 0xed;

/** Whether half a surrogate pair may be in it. Numbers may look like one: it costs them a copy. */
function mayHoldSurrogate(avro: Buffer): boolean {
  let at = avro.indexOf(SURROGATE_LEAD);
  while (at >= 0) {
    if ((avro[at + 1] ?? 0) >= 0xa0) return true;
    at = avro.indexOf(SURROGATE_LEAD, at + 1);
  }
  return false;
}

/** A copy whose texts and names are well-formed; bytes stay as they are. */
function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(wellFormed);
  const members = Object.entries(value).map(([name, member]) => [
    name.toWellFormed(),
    wellFormed(member),
  ]);
  return Object.fromEntries(members);
}

function encodeToScratch(value: unknown, type: Type): number {
  try {
    const end = type.encode(value, scratch, AVRO_OFFSET);
    if (end >= 0) return end;
    // Negative: that many bytes are missing.
    scratch = Buffer.allocUnsafe(2 * (scratch.length - end));
    return type.encode(value, scratch, AVRO_OFFSET);
  } catch {
    // The cause shows the value, which may be a person's number; the field's name is enough.
    throw new TypeError(`${type.name} cannot be encoded: ${faultsOf(value, type)}.`);
  }
}

function faultsOf(value: unknown, type: Type): string {
  const faults: string[] = [];
  type.isValid(value, {
    errorHook: (path, _value, expected) => {
      faults.push(`${path.join(".") || "it"} is not ${expected.typeName}`);
    },
  });
  return faults.join(", ") || "a value is out of range";
}
