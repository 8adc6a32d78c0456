// Which of an account's connections may carry a step, in the order in which they are asked.
import { createHash } from "node:crypto";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { ROUTE_COUNT_MAX } from "#libs/contracts/limits.ts";
import { connectedProviders } from "#libs/providers/providers.ts";
import type { Account } from "#libs/settings/account.ts";
import type { ConnectionSetting } from "#libs/settings/bodies/connection.ts";
import { meets } from "./meets.ts";

export type NamedConnection = { name: string; connection: ConnectionSetting };
export type Asked = Pick<DispatchCommand, "messageId" | "channel" | "sender" | "recipient">;

export type Routes = {
  /** True if the account has a connection for the channel and the sender, whoever the recipient is. */
  hasOwn: boolean;
  /** Those whose `when` the recipient meets; empty: nobody is asked. */
  routes: readonly NamedConnection[];
};

/**
 * Lowest `priority` first. Of one priority those with a `weight` share the messages by it, each
 * message always in the same order; those without come behind them, by name. Ten at most.
 */
export function orderConnections(connections: Account["connections"], asked: Asked): Routes {
  const own = [...connections]
    .map(([name, connection]) => ({ name, connection }))
    .filter(({ connection }) => isOwn(connection, asked));
  const fitting = own.filter(({ connection }) => meets(connection.when, asked));
  const ranked = fitting.map((each) => ({ ...each, rank: rankOf(each, asked.messageId) }));
  const routes = ranked.toSorted((a, b) => compare(a.rank, b.rank));
  return { hasOwn: own.length > 0, routes: routes.slice(0, ROUTE_COUNT_MAX) };
}

function isOwn(connection: ConnectionSetting, { channel, sender }: Asked): boolean {
  return connection.enabled && carries(connection, channel) && isOf(connection, sender);
}

/**
 * A connection says itself what it carries. One of before does not, and carries what its provider
 * does; of a provider that this version does not know nobody can tell, so messages are held.
 */
function carries({ provider, channels }: ConnectionSetting, channel: string): boolean {
  const carried = channels ?? connectedProviders.get(provider)?.channels;
  return carried?.some((each) => each === channel) ?? true;
}

function isOf({ senders }: ConnectionSetting, sender: string | null): boolean {
  return senders === undefined || (sender !== null && senders.includes(sender));
}

type Rank = readonly [priority: number, share: number, name: string];

function rankOf({ name, connection }: NamedConnection, messageId: string): Rank {
  const { priority = 0, weight, guid } = connection;
  return [
    priority,
    weight === undefined ? Infinity : shareOf(`${messageId} ${guid}`, weight),
    name,
  ];
}

/** Weighted rendezvous hashing: of many texts the smallest share is this one's as often as it weighs. */
function shareOf(text: string, weight: number): number {
  const drawn = createHash("sha256").update(text).digest().readUInt32BE();
  return -Math.log((drawn + 1) / (2 ** 32 + 1)) / weight;
}

function compare(a: Rank, b: Rank): number {
  const index = a.findIndex((part, at) => part !== b[at]);
  if (index === -1) return 0;
  const [x, y] = [a[index] ?? 0, b[index] ?? 0];
  return x < y ? -1 : 1;
}
