// Values of a wide Avro type (see wide-schema.ts) near a good one: a few members are something else.
import avsc from "avsc";
import * as fc from "fast-check";

const { types } = avsc;

/** One member in ten is odd. */
const SOUND_WEIGHT = 9;

/** `value` of `type` with some of its members, at any depth, odd. */
export function arbitraryNear(type: avsc.Type, value: unknown): fc.Arbitrary<unknown> {
  if (type instanceof types.RecordType) {
    const members = Object.entries(Object(value));
    const near = type.fields.map(({ name, type: inner }) => {
      const member = members.find(([own]) => own === name)?.[1];
      return [name, arbitraryNear(inner, member)] as const;
    });
    return fc.record(Object.fromEntries(near), { noNullPrototype: true });
  }
  const isWhole = type instanceof types.ArrayType && Array.isArray(value) && value.length > 0;
  const sound = isWhole
    ? fc.tuple(...value.map((item: unknown) => arbitraryNear(type.itemsType, item)))
    : fc.constant(value);
  return fc.oneof({ weight: SOUND_WEIGHT, arbitrary: sound }, odd(type, value));
}

/** Anything that the wire can hold where `type` is expected. */
function odd(type: avsc.Type, value: unknown): fc.Arbitrary<unknown> {
  if (type instanceof types.UnwrappedUnionType) {
    const [, branch] = type.types;
    return branch ? fc.oneof(fc.constant(null), odd(branch, value)) : fc.constant(null);
  }
  if (type instanceof types.ArrayType) {
    const [first] = Array.isArray(value) ? value : [];
    const counts = first === undefined ? [0] : [0, 2, 11, 300];
    return fc.constantFrom(...counts).map((count) => Array.from({ length: count }, () => first));
  }
  if (type instanceof types.MapType) return oddMap;
  if (type instanceof types.RecordType) return oddRecord(type, value);
  if (type.typeName === "boolean") return fc.boolean();
  return type.typeName === "bytes" ? oddText : oddNumber;
}

/** A record in a union: as it is, since its members are odd by themselves; or odd in every one. */
function oddRecord(type: avsc.types.RecordType, value: unknown): fc.Arbitrary<unknown> {
  if (typeof value === "object" && value !== null) return fc.constant(value);
  const members = type.fields.map(
    ({ name, type: inner }) => [name, odd(inner, undefined)] as const,
  );
  return fc.record(Object.fromEntries(members), { noNullPrototype: true });
}

const DAY_MS = 86_400_000;
const oddNumber = fc.oneof(
  fc.constantFrom(0, -1, 1, 5, 127, 2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1, 2 ** 40, 2 ** 52),
  fc.constantFrom(8.64e15, 8.64e15 + 1, 8.7e15, -8.7e15, 253_402_300_800_000),
  fc.integer({ min: -400 * DAY_MS, max: 400 * DAY_MS }).map((ms) => Date.now() + ms),
  fc.integer(),
);

/** Words that mean something somewhere, and texts of lengths at which something changes. */
const MEANT =
  "demo nobody sms whatsapp viber rcs telegram 8x8 native simulated { [] {} http:// ++1 +6599990000 006599 a/b a:b {a} __proto__ constructor";
const LENGTHS = [250, 251, 1_001, 40_000];
/** Rare: some hundred a round would be a test of the disk. */
const HUGE = [300_000, 900_000];
const WORDS = [
  ...MEANT.split(" "),
  ...LENGTHS.map((length) => "x".repeat(length)),
  "",
  " ",
  "\0",
  "\n",
  "\u001b[31m",
  "\u202e",
  '{"a":1}',
  "https://example.com",
];
const NO_UTF8 = [[0xff], [0xed, 0xa0, 0x80], [0xc3], [0xf4, 0x90, 0x80, 0x80]];
const oddText = fc.oneof(
  { weight: 50, arbitrary: fc.constantFrom(...WORDS).map((word) => Buffer.from(word)) },
  { weight: 1, arbitrary: fc.constantFrom(...HUGE).map((length) => Buffer.alloc(length, "x")) },
  { weight: 20, arbitrary: fc.constantFrom(...NO_UTF8).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 50,
    arbitrary: fc.string({ unit: "binary", maxLength: 60 }).map((text) => Buffer.from(text)),
  },
);

const oddMap = fc.dictionary(
  fc.constantFrom("whatsapp", "viber", "sms", "", "__proto_", "x".repeat(2_000)),
  oddText,
  { noNullPrototype: true },
);
