// The kinds of bounds. A bound holds a value against a limit: it gives the value back, or what
// stands in for it, and tells the fault. A value within its bounds costs no allocation.
import { cutText } from "#libs/cut-text.ts";
import { ACCOUNT_ID, INSTANT_MAX, NAME_LENGTH_MAX } from "./limits.ts";

/** What can be wrong with a value by itself. They are outcome codes: see `schemas/asyncapi.yaml`. */
type FaultCode =
  | "missing"
  | "malformed"
  | "not-well-formed"
  | "too-long"
  | "too-many"
  | "too-large"
  | "out-of-range"
  | "not-an-instant";

/** `path` is a JSON pointer to the value. */
export type Fault = { readonly code: FaultCode; readonly path: string };

/** Gives the value or its stand-in, and adds to `faults` what was wrong. May change the value itself. */
export type Bound<T> = (value: T, faults: Fault[]) => T;

/** Every value is good: enums, booleans, bytes. */
export function anything<T>(value: T): T {
  return value;
}

/** Text of at most so many characters: code points, as JSON Schema and so the APIs count them. */
export function text(lengthMax: number): Bound<string> {
  return (value, faults) => {
    const isTooLong = isLonger(value, lengthMax);
    if (isTooLong) tell(faults, "too-long");
    const wellFormed = value.isWellFormed();
    if (!wellFormed) tell(faults, "not-well-formed");
    return isTooLong || !wellFormed ? cutText(value, lengthMax) : value;
  };
}

/** Others' words, which explain and decide nothing: what is too long is cut, and is no fault. */
export function words(lengthMax: number): Bound<string> {
  return (value) => cutText(value, lengthMax);
}

/** Text of at most so many bytes in UTF-8. What is longer is left out whole: a part has no meaning. */
export function document(bytesMax: number): Bound<string> {
  return (value, faults) => {
    if (!value.isWellFormed()) return tell(faults, "not-well-formed", "");
    return exceeds(value, bytesMax) ? tell(faults, "too-long", "") : value;
  };
}

/** An address to post to. What is beyond its limit is left out whole: a part leads to somebody else. */
export function address(lengthMax: number): Bound<string | null> {
  return (value, faults) => {
    if (value === null || value === "") return null;
    if (!value.isWellFormed()) return tell(faults, "not-well-formed", null);
    return isLonger(value, lengthMax) ? tell(faults, "too-long", null) : value;
  };
}

/** An id: something, in well-formed Unicode, of at most so many bytes in UTF-8. */
export function id(bytesMax: number): Bound<string> {
  return (value, faults) => {
    if (value === "") return tell(faults, "missing", value);
    if (!value.isWellFormed()) return tell(faults, "not-well-formed", value);
    return exceeds(value, bytesMax) ? tell(faults, "too-long", value) : value;
  };
}

/** Another system's id, which only helps to find something: what cannot be one counts as absent. */
export function foreignId(bytesMax: number): Bound<string | null> {
  return (value) => {
    if (value === null || value === "" || !value.isWellFormed()) return null;
    return exceeds(value, bytesMax) ? null : value;
  };
}

export const accountId: Bound<string> = (value, faults) =>
  ACCOUNT_ID.test(value) ? value : tell(faults, "malformed", value);

/** A whole number from `min` to `max`; both are good. */
export function whole(min: number, max: number): Bound<number> {
  return (value, faults) =>
    value >= min && value <= max
      ? value
      : tell(faults, "out-of-range", Math.max(min, Math.min(value, max)));
}

/** Epoch ms of an instant that `Date` and four digits of a year can say. */
export function isInstant(value: number): boolean {
  return value >= 0 && value <= INSTANT_MAX;
}

/** An instant, as `isInstant` knows them. */
export const instant: Bound<number> = (value, faults) =>
  isInstant(value)
    ? value
    : tell(faults, "not-an-instant", Math.max(0, Math.min(value, INSTANT_MAX)));

/** Null, or within the bound. */
export function nullable<T>(bound: Bound<T>): Bound<T | null> {
  return (value, faults) => (value === null ? null : bound(value, faults));
}

/**
 * A text that may be absent. An empty one says nothing: writers whose language has no null for texts
 * mean by it that there is none.
 */
export function optional(bound: Bound<string>): Bound<string | null> {
  return (value, faults) => (value === null || value === "" ? null : bound(value, faults));
}

/** What explains and decides nothing: out of its bound it is no fault, and as if nothing had been said. */
export function explaining<T>(bound: Bound<T>): Bound<T | null> {
  return (value, faults) => {
    const told = faults.length;
    const held = value === null ? null : bound(value, faults);
    if (faults.length === told) return held;
    faults.length = told;
    return null;
  };
}

/** At most so many items, each within its bound. */
export function list<T>(countMax: number, bound: Bound<T>): Bound<T[]> {
  return (items, faults) => {
    const kept =
      items.length > countMax ? tell(faults, "too-many", items.slice(0, countMax)) : items;
    for (const [index, item] of kept.entries()) {
      const told = faults.length;
      kept[index] = bound(item, faults);
      if (faults.length > told) place(faults, told, index);
    }
    return kept;
  };
}

/** At most so many texts under names, each within its bound; empty ones count as absent. */
export function map(countMax: number, bound: Bound<string>): Bound<Record<string, string>> {
  const name = text(NAME_LENGTH_MAX);
  return (entries, faults) => {
    const given = Object.entries(entries).filter(([, value]) => value !== "");
    if (given.length > countMax) return tell(faults, "too-many", {});
    return Object.fromEntries(
      given.map(([key, value]) => {
        const told = faults.length;
        const entry = [name(key, faults), bound(value, faults)] as const;
        if (faults.length > told) place(faults, told, entry[0]);
        return entry;
      }),
    );
  };
}

/** Every field within its bound, in place. A field without one does not compile. */
export function record<T extends object>(
  bounds: {
    readonly [K in keyof T]-?: Bound<T[K]>;
  },
): Bound<T> {
  return (value, faults) => {
    for (const name in bounds) hold(value, { name, bound: bounds[name] }, faults);
    return value;
  };
}

function hold<T, K extends keyof T & string>(
  value: T,
  { name, bound }: { name: K; bound: Bound<T[K]> },
  faults: Fault[],
): void {
  const told = faults.length;
  const given = value[name];
  const held = bound(given, faults);
  if (held !== given) value[name] = held;
  if (faults.length > told) place(faults, told, name);
}

/** Puts a step in front of the paths of the faults from `from` on. */
function place(faults: Fault[], from: number, step: string | number): void {
  for (let index = from; index < faults.length; index++) {
    const fault = faults[index];
    if (fault) faults[index] = { ...fault, path: `/${step}${fault.path}` };
  }
}

function tell(faults: Fault[], code: FaultCode): void;
function tell<T>(faults: Fault[], code: FaultCode, standIn: T): T;
function tell<T>(faults: Fault[], code: FaultCode, standIn?: T): T | undefined {
  faults.push({ code, path: "" });
  return standIn;
}

/** No character takes more than two UTF-16 units: most values are not counted. */
function isLonger(value: string, lengthMax: number): boolean {
  if (value.length <= lengthMax) return false;
  return value.length > 2 * lengthMax || Array.from(value).length > lengthMax;
}

/** No UTF-16 unit takes more than three bytes: most values are not counted. */
function exceeds(value: string, bytesMax: number): boolean {
  return value.length * 3 > bytesMax && Buffer.byteLength(value) > bytesMax;
}
