// Reads a few fields of a record straight from its bytes, and passes over all others without making anything of
// them. avsc's resolvers take four times as long: they go on to the record's end, and make an object of every item.
import avsc, { type Type } from "avsc";
import {
  begin,
  pass,
  passBytes,
  passLong,
  readBoolean,
  readBytes,
  readCount,
  readLong,
  readSoFar,
  readText,
} from "./avro-bytes.ts";

const { ArrayType, EnumType, MapType, RecordType, UnwrappedUnionType } = avsc.types;

/** What the bytes hold from an offset on. Throws an Error where they do not hold a record. */
export type Skim = (record: Buffer, from: number) => unknown;

type Read = () => unknown;
type Pass = () => void;
/** What is done with one of the writer's fields, or in place of one that it does not have; only a wanted one has a name. */
type Step = { name: string | null; run: Read };

/**
 * How to read what was written as a `writer`, resolved as Avro does. What lies behind the last wanted field is not
 * looked at, and where that is `firstOf` one item of it is read. Throws a TypeError where the two types differ
 * in more than fields, symbols and null.
 */
export function skimmer(writer: Type, reader: Type, firstOf?: string): Skim {
  const steps = stepsOf(writer, reader, firstOf);
  const wanted = steps.slice(0, 1 + steps.findLastIndex(({ name }) => name !== null));
  const read = recordReader(wanted);
  return (record, from) => {
    begin(record, from);
    const value = read();
    if (readSoFar() > record.length) throw new Error("it ends too early");
    return value;
  };
}

function stepsOf(writer: Type, reader: Type, firstOf?: string): Step[] {
  if (!(writer instanceof RecordType && reader instanceof RecordType))
    throw differing(writer, reader);
  const read = writer.fields.map(({ name, type }): Step => {
    const wanted = reader.fields.find((one) => one.name === name);
    if (!wanted) return { name: null, run: passerOf(type) };
    const isFirst = name === firstOf;
    return { name, run: isFirst ? firstReader(type, wanted.type) : readerOf(type, wanted.type) };
  });
  const missing = reader.fields.filter(({ name }) =>
    writer.fields.every((one) => one.name !== name),
  );
  const made = missing.map((field): Step => {
    if (field.defaultValue() === undefined) throw differing(writer, reader);
    return { name: field.name, run: () => field.defaultValue() };
  });
  return [...made, ...read];
}

function recordReader(steps: readonly Step[]): Read {
  return () => {
    const value: Record<string, unknown> = {};
    for (const { name, run } of steps) {
      const found = run();
      if (name !== null) value[name] = found;
    }
    return value;
  };
}

function readerOf(writer: Type, reader: Type): Read {
  if (writer instanceof UnwrappedUnionType) {
    const branches = writer.types.map((type) => readerOf(type, reader));
    return () => branchOf(branches)();
  }
  if (reader instanceof UnwrappedUnionType) {
    const same = reader.types.find((type) => kindOf(type) === kindOf(writer));
    if (!same) throw differing(writer, reader);
    return readerOf(writer, same);
  }
  if (writer instanceof RecordType) return recordReader(stepsOf(writer, reader));
  if (writer instanceof EnumType && reader instanceof EnumType) return enumReader(writer, reader);
  if (writer instanceof ArrayType && reader instanceof ArrayType) {
    return arrayReader(readerOf(writer.itemsType, reader.itemsType));
  }
  return leafReader(writer, reader);
}

function leafReader(writer: Type, reader: Type): Read {
  const kind = kindOf(writer);
  const read = leaves[kind];
  if (!read || kind !== kindOf(reader)) throw differing(writer, reader);
  return read;
}

const leaves: Record<string, Read> = {
  null: () => null,
  boolean: readBoolean,
  long: readLong,
  string: readText,
  bytes: readBytes,
};

/** An int may have become a long. */
function kindOf({ typeName }: Type): string {
  return typeName === "int" ? "long" : typeName;
}

function differing(writer: Type, reader: Type): TypeError {
  return new TypeError(`A ${writer.typeName} is not read as ${reader.typeName} here.`);
}

/** What the reader does not know is what it says for that. */
function enumReader(writer: avsc.types.EnumType, reader: avsc.types.EnumType): Read {
  const unknown: unknown = Reflect.get(reader, "default");
  const known = writer.symbols.map((one) => (reader.symbols.includes(one) ? one : unknown));
  if (known.includes(undefined)) throw differing(writer, reader);
  return () => branchOf(known);
}

function branchOf<Branch>(branches: readonly Branch[]): Branch {
  const branch = branches[readLong()];
  if (branch === undefined) throw new RangeError("it has a branch that its schema has not");
  return branch;
}

function arrayReader(read: Read): Read {
  return () => {
    const items: unknown[] = [];
    for (let count = readCount(); count > 0; count = readCount()) {
      while (count-- > 0) items.push(read());
    }
    return items;
  };
}

function firstReader(writer: Type, reader: Type): Read {
  if (!(writer instanceof ArrayType && reader instanceof ArrayType))
    throw differing(writer, reader);
  const read = readerOf(writer.itemsType, reader.itemsType);
  return () => (readCount() > 0 ? [read()] : []);
}

function passerOf(type: Type): Pass {
  if (type instanceof RecordType) {
    const passers = type.fields.map((field) => passerOf(field.type));
    return () => {
      for (const passField of passers) passField();
    };
  }
  if (type instanceof UnwrappedUnionType) {
    const passers = type.types.map(passerOf);
    return () => branchOf(passers)();
  }
  if (type instanceof ArrayType) return itemsPasser(passerOf(type.itemsType));
  if (type instanceof MapType) {
    const passValue = passerOf(type.valuesType);
    return itemsPasser(() => {
      passBytes();
      passValue();
    });
  }
  return leafPasser(type);
}

function itemsPasser(passItem: Pass): Pass {
  return () => {
    for (let count = readCount(); count > 0; count = readCount()) {
      while (count-- > 0) passItem();
    }
  };
}

function leafPasser(type: Type): Pass {
  switch (kindOf(type)) {
    case "null":
      return () => undefined;
    case "boolean":
      return () => pass(1);
    case "long":
    case "enum":
      return passLong;
    case "string":
    case "bytes":
      return passBytes;
    default:
      throw new TypeError(`A ${type.typeName} is not passed here.`);
  }
}
