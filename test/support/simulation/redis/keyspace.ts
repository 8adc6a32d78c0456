// The keys of an in-memory Redis, and the way back: whatever was written last can be lost, as a
// server loses it that dies before the disk or its replica has it.
import { copyOf, empty, type Held, isEmpty, RedisError, type Type, type Value } from "./values.ts";

type Kept = { held: Value; expiresAt: number | undefined };
/** What keys held before a command: undefined where they held nothing. */
type Before = Map<string, Kept | undefined>;

/** More than this is on any disk, and on any replica. */
const LOSABLE_COUNT_MAX = 400;

export class Keyspace {
  readonly #keys = new Map<string, Kept>();
  readonly #now: () => number;
  #before: Before = new Map();
  #history: Before[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  find<T extends Type>(key: string, type: T): Held<T> | undefined {
    const kept = this.#living(key);
    if (!kept) return undefined;
    if (kept.held.type !== type) throw wrongType();
    return kept.held.value as Held<T>;
  }

  /** To be written to; made where there is none. */
  open<T extends Type>(key: string, type: T): Held<T> {
    const kept = this.#living(key);
    if (kept && kept.held.type !== type) throw wrongType();
    this.#remember(key);
    if (kept) return kept.held.value as Held<T>;
    const held = empty(type);
    this.#keys.set(key, { held, expiresAt: undefined });
    return held.value as Held<T>;
  }

  /** To be taken from; undefined where there is none. */
  openFound<T extends Type>(key: string, type: T): Held<T> | undefined {
    return this.find(key, type) === undefined ? undefined : this.open(key, type);
  }

  text(key: string): string | undefined {
    return this.find(key, "string");
  }

  setText(key: string, value: string, expiresAt?: number): void {
    this.#remember(key);
    this.#keys.set(key, { held: { type: "string", value }, expiresAt });
  }

  isText(key: string): boolean {
    return this.#living(key)?.held.type === "string";
  }

  /** After something was taken from it. */
  dropIfEmpty(key: string): void {
    const kept = this.#keys.get(key);
    if (kept && isEmpty(kept.held)) this.#keys.delete(key);
  }

  drop(key: string): boolean {
    if (!this.#living(key)) return false;
    this.#remember(key);
    return this.#keys.delete(key);
  }

  has(key: string): boolean {
    return this.#living(key) !== undefined;
  }

  expire(key: string, expiresAt: number | undefined): boolean {
    const kept = this.#living(key);
    if (!kept) return false;
    this.#remember(key);
    this.#keys.set(key, { ...kept, expiresAt });
    return true;
  }

  expiresAt(key: string): number | undefined {
    return this.#living(key)?.expiresAt;
  }

  /** What lies under a key, as text that differs whenever that does; null where nothing does. */
  shown(key: string): string | null {
    const kept = this.#living(key);
    if (!kept) return null;
    const { type, value } = kept.held;
    const plain = value instanceof Map || value instanceof Set ? [...value] : value;
    return JSON.stringify([type, plain]);
  }

  typeOf(key: string): Type | undefined {
    return this.#living(key)?.held.type;
  }

  keys(): string[] {
    return [...this.#keys.keys()].filter((key) => this.has(key));
  }

  /** Ends a command: what it wrote stays, or goes, as a whole. Returns the keys. */
  settle(): readonly string[] {
    if (this.#before.size === 0) return [];
    const written = [...this.#before.keys()];
    this.#history.push(this.#before);
    this.#before = new Map();
    if (this.#history.length > LOSABLE_COUNT_MAX) this.#history.shift();
    return written;
  }

  /** Forgets the last commands that wrote something; returns how many. */
  loseLast(count: number): number {
    const lost = this.#history.splice(Math.max(0, this.#history.length - count));
    for (const before of lost.toReversed()) {
      for (const [key, kept] of before) {
        if (kept) this.#keys.set(key, kept);
        else this.#keys.delete(key);
      }
    }
    return lost.length;
  }

  clear(): void {
    this.#keys.clear();
    this.#history = [];
  }

  #living(key: string): Kept | undefined {
    const kept = this.#keys.get(key);
    if (kept?.expiresAt === undefined || kept.expiresAt > this.#now()) return kept;
    this.#remember(key);
    this.#keys.delete(key);
    return undefined;
  }

  #remember(key: string): void {
    if (this.#before.has(key)) return;
    const kept = this.#keys.get(key);
    this.#before.set(key, kept && { held: copyOf(kept.held), expiresAt: kept.expiresAt });
  }
}

function wrongType(): RedisError {
  return new RedisError("WRONGTYPE Operation against a key holding the wrong kind of value");
}
