// An epoch of a shard: from one opening to the next loss. Its stored value is one opaque token,
// "<epoch> <server>": the epoch (a number that rises with every opening, a dash, 8 random digits) and the
// Redis process on which the shard was opened. While that process lives it loses nothing.
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
const NUMBERED = /^(\d{6})-/;

/** What the journal's records say of an epoch. Epochs sort as text, by the order of their openings. */
export function epochName({ token }: Pick<Epoch, "token">): string {
  return token.split(" ")[0] ?? "";
}

/** Whether both name epochs, and the first one is the older. Replies may be looked at in another order than they came. */
export function isEarlier(token: string, than: string): boolean {
  const [number, other] = [token, than].map((each) => NUMBERED.exec(each)?.[1]);
  return number !== undefined && other !== undefined && number < other;
}

/** The next token of a shard after `names` of epochs, of which some may be empty. */
export function nextToken(names: readonly string[], server: string): string {
  const numbers = names.map((name) => Number.parseInt(name, 10) || 0);
  const number = Math.max(0, ...numbers) + 1;
  const random = randomBytes(4).toString("hex");
  return `${String(number).padStart(NUMBER_LENGTH, "0")}-${random} ${server}`;
}
