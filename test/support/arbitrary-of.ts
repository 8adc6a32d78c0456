// Random values of an Avro type.
import avsc from "avsc";
import * as fc from "fast-check";

const { types } = avsc;

/** Any value that the type can encode. */
export function arbitraryOf(type: avsc.Type): fc.Arbitrary<unknown> {
  if (type instanceof types.RecordType) {
    return fc.record(Object.fromEntries(type.fields.map((of) => [of.name, arbitraryOf(of.type)])), {
      noNullPrototype: true,
    });
  }
  if (type instanceof types.UnwrappedUnionType) return fc.oneof(...type.types.map(arbitraryOf));
  if (type instanceof types.ArrayType)
    return fc.array(arbitraryOf(type.itemsType), { maxLength: 4 });
  if (type instanceof types.MapType) return arbitraryMap(type);
  if (type instanceof types.EnumType) return fc.constantFrom(...type.symbols);
  return arbitraryPrimitive(type.typeName);
}

/** avsc computes in doubles and needs one bit for the sign: as epoch ms, the year 144,683. */
const LONG_MAX = 2 ** 52;

const text = fc.string({ unit: "binary" });

function arbitraryMap({ valuesType }: avsc.types.MapType): fc.Arbitrary<unknown> {
  // An object cannot hold this key as one of its own; avsc drops it.
  const key = text.filter((each) => each !== "__proto__");
  return fc.dictionary(key, arbitraryOf(valuesType), { maxKeys: 4, noNullPrototype: true });
}

function arbitraryPrimitive(name: string): fc.Arbitrary<unknown> {
  switch (name) {
    case "null":
      return fc.constant(null);
    case "boolean":
      return fc.boolean();
    case "int":
      return fc.integer();
    case "long":
    case "logical:timestamp-millis":
      return fc.integer({ min: -LONG_MAX, max: LONG_MAX });
    case "bytes":
      return fc.uint8Array().map((bytes) => Buffer.from(bytes));
    case "string":
      return text;
    default:
      throw new Error(`No values of Avro type ${name} are known.`);
  }
}
