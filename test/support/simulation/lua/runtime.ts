// What compiled Lua works with.
import { LuaTable, type LuaValue } from "./table.ts";

/** What `assert` and a value of the wrong type come to. */
export class LuaError extends Error {
  override name = "LuaError";
}

export const runtime = {
  isTrue,
  number,
  text,
  get,
  set,
  lengthOf,
  modulo,
  isLess,
  isLessOrSame,
  isMore,
  isMoreOrSame,
  table,
  iterate,
};

export function isTrue(value: LuaValue): boolean {
  return value !== undefined && value !== false;
}

/** A number, or text that is one. */
export function number(value: LuaValue): number {
  if (typeof value === "number") return value;
  const read = toNumber(value);
  if (read === undefined) throw new LuaError(`arithmetic on ${kindOf(value)}`);
  return read;
}

export function toNumber(value: LuaValue): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  const plain = Number(value);
  if (plain < 0 || plain > 0) return plain;
  const trimmed = value.trim();
  if (trimmed === "") return undefined;
  if (/^[+-]?inf$/i.test(trimmed)) return trimmed.startsWith("-") ? -Infinity : Infinity;
  const read = Number(trimmed);
  return Number.isNaN(read) ? undefined : read;
}

/** As Lua joins texts: numbers with 14 digits. */
export function text(value: LuaValue): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return showNumber(value, 14);
  throw new LuaError(`a text made of ${kindOf(value)}`);
}

/** As `%.<digits>g` shows it. */
export function showNumber(value: number, digits: number): string {
  if (value === Infinity) return "inf";
  if (value === -Infinity) return "-inf";
  if (Number.isInteger(value) && Math.abs(value) < 10 ** digits) return String(value);
  return String(Number(value.toPrecision(digits)));
}

function get(base: LuaValue, key: LuaValue): LuaValue {
  if (base instanceof LuaTable) return base.get(key);
  throw new LuaError(`an index of ${kindOf(base)}`);
}

function set(base: LuaValue, key: LuaValue, value: LuaValue): void {
  if (!(base instanceof LuaTable)) throw new LuaError(`an index of ${kindOf(base)}`);
  base.set(key, value);
}

function lengthOf(value: LuaValue): number {
  if (typeof value === "string") return value.length;
  if (value instanceof LuaTable) return value.length;
  throw new LuaError(`the length of ${kindOf(value)}`);
}

function modulo(left: LuaValue, right: LuaValue): number {
  const [a, b] = [number(left), number(right)];
  return a - Math.floor(a / b) * b;
}

function isLess(left: LuaValue, right: LuaValue): boolean {
  if (typeof left === "number" && typeof right === "number") return left < right;
  return textsOf(left, right) && (left as string) < (right as string);
}

function isLessOrSame(left: LuaValue, right: LuaValue): boolean {
  if (typeof left === "number" && typeof right === "number") return left <= right;
  return textsOf(left, right) && (left as string) <= (right as string);
}

function isMore(left: LuaValue, right: LuaValue): boolean {
  return isLess(right, left);
}

function isMoreOrSame(left: LuaValue, right: LuaValue): boolean {
  return isLessOrSame(right, left);
}

function textsOf(left: LuaValue, right: LuaValue): true {
  if (typeof left === "string" && typeof right === "string") return true;
  throw new LuaError(`${kindOf(left)} compared with ${kindOf(right)}`);
}

function table(values: LuaValue[], named: [LuaValue, LuaValue][]): LuaTable {
  const made = LuaTable.of(values);
  for (const [key, value] of named) made.set(key, value);
  return made;
}

/** What `pairs` and `ipairs` have given: the entries themselves. */
function iterate([entries]: LuaValue[]): readonly [LuaValue, LuaValue][] {
  if (entries instanceof LuaTable) return entries.entries();
  throw new LuaError("a loop over what is no table");
}

export function kindOf(value: LuaValue): string {
  if (value === undefined) return "nil";
  return value instanceof LuaTable ? "table" : typeof value;
}
