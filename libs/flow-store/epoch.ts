// An epoch of a shard: from one opening to the next loss. Its stored value is one opaque token,
// "<epoch> <server>": the epoch (a number that rises with every opening, a dash, the opening's instant, epoch ms, and a
// random digit, both hexadecimal) and the Redis process on which the shard was opened. While that process lives it loses
// nothing. The instant decides where the number was forgotten: Redis was emptied before the journal had anything of the shard.
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

const NUMBER_LENGTH = 6;
/** Digits of the instant until the year 2527. */
const INSTANT_LENGTH = 11;
const INSTANT = /^\d{6}-([0-9a-f]{11})[0-9a-f]\b/;
/** What tells which of two is the earlier: before an epoch told its instant, eight random digits were behind its number. */
const ORDER = /^\d{6}-(?:[0-9a-f]{11}(?=[0-9a-f]\b))?/;

/** What the journal's records say of an epoch. Epochs sort as text, by the order of their openings. */
export function epochName({ token }: Pick<Epoch, "token">): string {
  return token.split(" ")[0] ?? "";
}

/** By when an epoch was opened, epoch ms; 0 where its name does not tell. */
export function openedBy({ token }: Pick<Epoch, "token">): number {
  const instant = INSTANT.exec(token)?.[1];
  return instant === undefined ? 0 : Number.parseInt(instant, 16) + 1;
}

/** Whether both name epochs, and the first one is the older. Replies may be looked at in another order than they came. */
export function isEarlier(token: string, than: string): boolean {
  const [one, other] = [token, than].map((each) => ORDER.exec(each)?.[0]);
  return one !== undefined && other !== undefined && one < other;
}

/** The next token of a shard that is opened at `nowMs`, epoch ms, after `names` of epochs, of which some may be empty. */
export function nextToken(names: readonly string[], server: string, nowMs: number): string {
  const numbers = names.map((name) => Number.parseInt(name, 10) || 0);
  const number = String(Math.max(0, ...numbers) + 1).padStart(NUMBER_LENGTH, "0");
  const instant = Math.floor(nowMs).toString(16).padStart(INSTANT_LENGTH, "0");
  return `${number}-${instant}${randomBytes(1).toString("hex").slice(1)} ${server}`;
}
