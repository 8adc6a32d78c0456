// Whether a writer's schema can be read in a time that its records' bytes answer for. A schema is
// anybody's: ten records of ten fields each, one within the other, are 10,000,000,000 values in a
// kilobyte of schema, and nulls in a list take time without a byte.
import avsc, { type Type } from "avsc";

/** Fifty times those of our largest contract. */
const VALUE_COUNT_MAX = 10_000;

const { ArrayType, FixedType, LogicalType, MapType, NullType, RecordType } = avsc.types;
const { UnwrappedUnionType, WrappedUnionType } = avsc.types;

/** By type: how many values one of it can have outside of lists; what is being counted has 0 yet. */
type Counts = Map<Type, number>;

/** Why nobody should read with the schema, as an end of a sentence; undefined where anybody can. */
export function tooHeavy(writer: Type): string | undefined {
  const counts: Counts = new Map();
  const count = countValues(writer, counts);
  if (count > VALUE_COUNT_MAX) return `it has more than ${VALUE_COUNT_MAX} values, written out`;
  const isFree = [...counts.keys()].some((type) => membersOf(type).some(takesNoBytes));
  return isFree ? "it has values without a byte" : undefined;
}

/** A schema may use a type that it has named again and again: each is counted through once. */
function countValues(type: Type, counts: Counts): number {
  const known = counts.get(type);
  if (known !== undefined) return known;
  counts.set(type, 0);
  const inner = [...membersOf(type), ...branchesOf(type)].map((each) => countValues(each, counts));
  const isUnion = branchesOf(type).length > 0;
  const count = 1 + (isUnion ? Math.max(...inner) : inner.reduce((sum, each) => sum + each, 0));
  counts.set(type, count);
  return count;
}

/** All that is read one after the other. */
function membersOf(type: Type): readonly Type[] {
  if (type instanceof RecordType) return type.fields.map((field) => field.type);
  if (type instanceof ArrayType) return [type.itemsType];
  if (type instanceof MapType) return [type.valuesType];
  return [];
}

/** What one byte chooses from, or what it is in Avro's own words. */
function branchesOf(type: Type): readonly Type[] {
  if (type instanceof UnwrappedUnionType || type instanceof WrappedUnionType) return type.types;
  return type instanceof LogicalType ? [type.underlyingType] : [];
}

/** Beside an empty record, which is one of these, a record has a byte for each field. */
function takesNoBytes(type: Type): boolean {
  if (type instanceof LogicalType) return takesNoBytes(type.underlyingType);
  if (type instanceof FixedType) return type.size === 0;
  return type instanceof NullType || (type instanceof RecordType && type.fields.length === 0);
}
