// The functions that scripts find in Redis.
import { isTrue, kindOf, LuaError, number, text, toNumber } from "./runtime.ts";
import { type LuaFunction, LuaTable, type LuaValue } from "./table.ts";

type Library = Readonly<Record<string, LuaFunction | number>>;

/** All but `redis`, `KEYS` and `ARGV`. */
export const libraries: Readonly<Record<string, LuaFunction | Library>> = {
  assert: (value, message, ...rest) => {
    if (isTrue(value)) return [value, message, ...rest];
    throw new LuaError(message === undefined ? "assertion failed!" : text(message));
  },
  error: (message) => {
    throw new LuaError(text(message));
  },
  tonumber: (value) => [toNumber(value)],
  tostring: (value) => [
    typeof value === "number" ? text(value) : typeof value === "string" ? value : kindOf(value),
  ],
  type: (value) => [kindOf(value)],
  pairs: (table) => [table],
  ipairs: (table) => [LuaTable.of(tableOf(table).values())],
  next: (table) => [...tableOf(table).entries()][0] ?? [],
  unpack,
  math: {
    ceil: (value) => [Math.ceil(number(value))],
    floor: (value) => [Math.floor(number(value))],
    abs: (value) => [Math.abs(number(value))],
    max: (...values) => [Math.max(...values.map(number))],
    min: (...values) => [Math.min(...values.map(number))],
    huge: Infinity,
  },
  table: {
    insert: (table, value) => {
      tableOf(table).set(tableOf(table).length + 1, value);
      return [];
    },
    remove: (table) => {
      const last = tableOf(table).get(tableOf(table).length);
      if (last !== undefined) tableOf(table).set(tableOf(table).length, undefined);
      return [last];
    },
    concat: (table, between = "") => [tableOf(table).values().map(text).join(text(between))],
  },
  string: {
    format,
    sub: (of, from, to = -1) => {
      const value = text(of);
      const place = (index: number) => (index < 0 ? value.length + index + 1 : index);
      return [value.slice(Math.max(0, place(number(from)) - 1), place(number(to)))];
    },
    find: (of, pattern) => {
      const found = regexOf(text(pattern)).exec(text(of));
      return found ? [found.index + 1, found.index + found[0].length] : [undefined];
    },
    match: (of, pattern) => {
      const found = regexOf(text(pattern)).exec(text(of));
      if (!found) return [undefined];
      return found.length > 1 ? found.slice(1) : [found[0]];
    },
  },
  struct: { pack, unpack: unpackStruct },
  cjson: {
    decode: (of) => [fromJson(JSON.parse(Buffer.from(text(of), "latin1").toString()))],
  },
};

function tableOf(value: LuaValue): LuaTable {
  if (value instanceof LuaTable) return value;
  throw new LuaError(`${kindOf(value)} where a table was due`);
}

function unpack(of: LuaValue, from: LuaValue = 1, to?: LuaValue): LuaValue[] {
  const table = tableOf(of);
  const [start, end] = [number(from), to === undefined ? table.length : number(to)];
  const values: LuaValue[] = [];
  for (let index = start; index <= end; index++) values.push(table.get(index));
  return values;
}

function format(pattern: LuaValue, ...values: LuaValue[]): LuaValue[] {
  // Most of what scripts show.
  if (pattern === "%.0f") return [number(values[0]).toFixed(0)];
  let index = 0;
  const shown = text(pattern).replaceAll(
    /%(\.0f|0(\d)d|d|s)/g,
    (_, kind: string, width?: string) => {
      const value = values[index++];
      if (kind === "s") return text(value);
      return number(value)
        .toFixed(0)
        .padStart(Number(width ?? 0), "0");
    },
  );
  if (shown.includes("%")) throw new SyntaxError(`No script had ${text(pattern)} so far.`);
  return [shown];
}

const regexes = new Map<string, RegExp>();

function regexOf(pattern: string): RegExp {
  let regex = regexes.get(pattern);
  if (!regex) regexes.set(pattern, (regex = toRegex(pattern)));
  return regex;
}

/** Lua's patterns as far as scripts have them. */
function toRegex(pattern: string): RegExp {
  if (/%[^dsSwa.%-]/.test(pattern)) throw new SyntaxError(`No script had ${pattern} so far.`);
  return new RegExp(
    pattern
      .replaceAll("%d", "[0-9]")
      .replaceAll("%s", "\\s")
      .replaceAll("%S", "\\S")
      .replaceAll("%w", "[0-9A-Za-z]")
      .replaceAll("%a", "[A-Za-z]")
      .replaceAll(/%([.%-])/g, "\\$1"),
    "s",
  );
}

function pack(kind: LuaValue, value: LuaValue): LuaValue[] {
  const bytes = Buffer.alloc(kind === ">d" ? 8 : 4);
  if (kind === ">d") bytes.writeDoubleBE(number(value));
  else if (kind === ">I4") bytes.writeUInt32BE(number(value));
  else throw new SyntaxError(`No script packed ${text(kind)} so far.`);
  return [bytes.toString("latin1")];
}

/** Big-endian; `c0` is a text of as many bytes as the number before it says, which it takes the place of. */
function unpackStruct(kind: LuaValue, of: LuaValue, from: LuaValue = 1): LuaValue[] {
  const bytes = Buffer.from(text(of), "latin1");
  const values: LuaValue[] = [];
  let at = number(from) - 1;
  if (!/^>(I[124]|d|c0)+$/.test(text(kind))) {
    throw new SyntaxError(`No script unpacked ${text(kind)} so far.`);
  }
  for (const [part] of text(kind).matchAll(/I[124]|d|c0/g)) {
    const size = part === "c0" ? number(values.pop()) : part === "d" ? 8 : Number(part[1]);
    if (at + size > bytes.length) throw new LuaError("data string too short");
    if (part === "c0") values.push(bytes.toString("latin1", at, at + size));
    else values.push(part === "d" ? bytes.readDoubleBE(at) : bytes.readUIntBE(at, size));
    at += size;
  }
  return [...values, at + 1];
}

function fromJson(value: unknown): LuaValue {
  if (typeof value === "string") return Buffer.from(value).toString("latin1");
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return LuaTable.of(value.map(fromJson));
  if (value === null || typeof value !== "object") {
    throw new SyntaxError("No script had a null in its JSON so far.");
  }
  const table = new LuaTable();
  for (const [key, each] of Object.entries(value)) {
    table.set(Buffer.from(key).toString("latin1"), fromJson(each));
  }
  return table;
}
