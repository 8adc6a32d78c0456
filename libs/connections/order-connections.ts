// Which of the connections that an account may use carry a step, in the order in which they are asked.
import { createHash } from "node:crypto";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { ROUTE_COUNT_MAX } from "#libs/contracts/limits.ts";
import type { ConnectionOrder } from "#libs/settings/bodies/channel.ts";
import type { ConnectionSetting } from "#libs/settings/bodies/connection.ts";
import type { SettingOf } from "#libs/settings/setting.ts";
import { isTheOperators } from "#libs/settings/usable-connections.ts";
import { carriedChannels } from "./carried-channels.ts";
import { costOf } from "./cost-of.ts";
import { meets } from "./meets.ts";

type Connection = SettingOf<"connection">;
export type Asked = Pick<DispatchCommand, "messageId" | "channel" | "sender" | "recipient">;

export type Routes = {
  /** True if there is a connection for the channel and the sender, whoever the recipient is. */
  hasAny: boolean;
  /** Those whose `when` the recipient meets; empty: nobody is asked. */
  routes: readonly Connection[];
};

/**
 * As the account orders them on the channel: its own before the operator's, if it says nothing else.
 * Then the lowest `priority` first. Of one priority those with a `weight` share the messages by it,
 * each message always in the same order; those without come behind them, by name. Ten at most.
 */
export function orderConnections(
  connections: readonly Connection[],
  asked: Asked,
  order: ConnectionOrder = "own-first",
): Routes {
  const own = connections.filter((each) => order !== "own-only" || !isTheOperators(each));
  const carrying = own.filter(({ body }) => isFor(body, asked));
  const fitting = carrying.filter(({ body }) => meets(body.when, asked));
  const ranked = fitting.map((each) => ({ each, rank: rankOf(each, asked, order) }));
  const routes = ranked.toSorted((a, b) => compare(a.rank, b.rank)).map(({ each }) => each);
  return { hasAny: carrying.length > 0, routes: routes.slice(0, ROUTE_COUNT_MAX) };
}

function isFor(connection: ConnectionSetting, { channel, sender }: Asked): boolean {
  return connection.enabled && mayCarry(connection, channel) && isOf(connection, sender);
}

/** Where nobody can tell, messages are held for a version that can. */
function mayCarry(connection: ConnectionSetting, channel: string): boolean {
  return carriedChannels(connection)?.includes(channel) ?? true;
}

function isOf({ senders }: ConnectionSetting, sender: string | null): boolean {
  return senders === undefined || (sender !== null && senders.includes(sender));
}

type Rank = readonly [cost: number, owner: number, priority: number, share: number, name: string];

function rankOf(connection: Connection, asked: Asked, order: ConnectionOrder): Rank {
  const { name, body } = connection;
  const { priority = 0, weight, guid } = body;
  // What nobody has said the cost of may be dear.
  const cost = order === "cheapest" ? (costOf(body, asked) ?? Infinity) : 0;
  const isLater = isTheOperators(connection) !== (order === "operator-first");
  const share = weight === undefined ? Infinity : shareOf(`${asked.messageId} ${guid}`, weight);
  return [cost, isLater ? 1 : 0, priority, share, name];
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
