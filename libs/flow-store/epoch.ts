// An epoch of a shard: from one opening to the next loss. Its stored value is one opaque token,
// "<epoch> <server>": the epoch (the opening's instant, in hours, six digits, then a dash, then in ms, hexadecimal, and
// a random digit) and the Redis process on which the shard was opened. While that process lives it loses nothing.
// It is the instant that says which of two is the later one: a number that counts openings is forgotten with them, as
// several losses in a row take what both Redis and the journal had of the last ones. Versions before this one counted;
// the hours are where their number was, above all of theirs, so that both read each other's.
import { randomBytes } from "node:crypto";

/** A shard in one of its epochs. `token` is the stored value; "" where there is none. */
export type Epoch = { shard: number; token: string };

/** In place of a server: Redis has lost writes of the shard while its process lived. */
export const LOST = "lost";

/**
 * In place of a server: the shard may have all that it had, but a store beside it, on another node of a Redis Cluster,
 * has not.
 */
export const LOST_BESIDE = "beside";

/** In place of a server, without an epoch: nothing was stored. No two emptied shards have the same. */
export const lostWhole = (): string => `${randomBytes(4).toString("hex")} ${LOST}`;

const HOUR_MS = 3_600_000;
/** Until the year 2084. */
const HOURS_LENGTH = 6;
/** In the year 2072. */
const HOURS_END = 900_000;
/** Digits of the instant until the year 2527. */
const INSTANT_LENGTH = 11;
const INSTANT = /^\d{6}-([0-9a-f]{11})[0-9a-f]\b/;
/** What tells which of two is the earlier: before an epoch told its instant, eight random digits were behind its number. */
const ORDER = /^\d{6}-(?:[0-9a-f]{11}(?=[0-9a-f]\b))?/;

/** What the journal's records say of an epoch. Epochs sort as text, by the order of their openings. */
export function epochName({ token }: Pick<Epoch, "token">): string {
  return token.split(" ")[0] ?? "";
}

/** When an epoch was opened, epoch ms; 0 where its name does not tell. */
export function openedAt({ token }: Pick<Epoch, "token">): number {
  return Number.parseInt(INSTANT.exec(token)?.[1] ?? "0", 16);
}

/** By when it was, epoch ms; 0 where its name does not tell. */
export function openedBy(epoch: Pick<Epoch, "token">): number {
  const at = openedAt(epoch);
  return at === 0 ? 0 : at + 1;
}

/** Whether both name epochs, and the first one is the older. Replies may be looked at in another order than they came. */
export function isEarlier(token: string, than: string): boolean {
  const [one, other] = [token, than].map((each) => ORDER.exec(each)?.[0]);
  return one !== undefined && other !== undefined && one < other;
}

/** Whether a name may be of ours: of one with no room behind it, which somebody has written, none could be the later one. */
export function isPlausible(name: string): boolean {
  const opened = openedAt({ token: name }) / HOUR_MS;
  return Math.max(Number.parseInt(name, 10) || 0, opened) < HOURS_END;
}

/**
 * The next token of a shard that is opened at `nowMs`, epoch ms, after `known` names of epochs, of which some may be empty,
 * and of those that are not plausible none counts.
 */
export function nextToken(known: readonly string[], server: string, nowMs: number): string {
  const names = known.filter(isPlausible);
  const instant = Math.max(Math.floor(nowMs), ...names.map((token) => openedBy({ token })));
  const hours = Math.max(Math.floor(instant / HOUR_MS), ...names.map(hoursOf));
  const digit = randomBytes(1).toString("hex").slice(1);
  return `${padded(hours, 10, HOURS_LENGTH)}-${padded(instant, 16, INSTANT_LENGTH)}${digit} ${server}`;
}

/** Of a version that counted: above its number. */
function hoursOf(name: string): number {
  const number = Number.parseInt(name, 10) || 0;
  return INSTANT.test(name) ? number : number + 1;
}

function padded(value: number, radix: number, length: number): string {
  return value.toString(radix).padStart(length, "0");
}
