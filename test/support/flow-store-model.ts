// What the flow store must do, written as plainly as possible, for one Redis that any number of
// stores use. Time comes in with each call: the real store's reply says what Redis' clock was.
import { LEASE_MS_MAX } from "#libs/flow-store/claim-due.ts";
import { INDEX_KEEP_MS } from "#libs/flow-store/commit.ts";
import type {
  ClaimOptions,
  ClaimResult,
  CommitResult,
  ListedMessage,
  ListRange,
  StoredMessage,
  TimerPlace,
  Transition,
} from "#libs/flow-store/ports.ts";

type ModelEntry = { entryId: string; counter: number; messages: Map<string, [number, string]> };
type ModelMessage = { version: number; state: string; isKept: boolean };
export type ModelShard = {
  /** As it is stored; "" for none. */
  epoch: string;
  counter: number;
  messages: Map<string, ModelMessage>;
  timers: Map<string, number>;
  lent: Map<string, { dueAt: number; leaseEndsAt: number; leaseMs: number }>;
  outbox: ModelEntry[];
  /** By account. */
  indexes: Map<string, Map<string, number>>;
};

export function newModelShard(): ModelShard {
  return {
    epoch: "",
    counter: 0,
    messages: new Map(),
    timers: new Map(),
    lent: new Map(),
    outbox: [],
    indexes: new Map(),
  };
}

/** Whether it was opened on the Redis process that answers. */
export function isModelOpen({ epoch }: Pick<ModelShard, "epoch">, server: string): boolean {
  return epoch.endsWith(` ${server}`);
}

export function modelLoad(shard: ModelShard, messageIds: readonly string[]): StoredMessage[] {
  return messageIds.map((messageId) => {
    const stored = shard.messages.get(messageId);
    return {
      messageId,
      version: stored?.version ?? 0,
      state: stored ? Buffer.from(stored.state, "hex") : null,
    };
  });
}

/** `entryId` is the one that Redis chose: it is made from its clock, which is about `nowMs`. */
export function modelCommit(
  shard: ModelShard,
  transitions: readonly Transition[],
  { entryId, nowMs }: { entryId: string | null; nowMs: number },
): CommitResult {
  const current = (messageId: string) => shard.messages.get(messageId)?.version ?? 0;
  const isCurrent = (one: Transition) =>
    current(one.messageId) === one.expectedVersion && nowMs <= one.storeBy;
  const winners = transitions.filter((one) => isCurrent(one));
  const losers = transitions.filter((one) => !isCurrent(one));
  const conflicts = losers.map(({ messageId }) => messageId);
  const lateCount = transitions.filter(({ storeBy }) => nowMs > storeBy).length;
  if (winners.length === 0) return { conflicts, entryId: null, counter: shard.counter, lateCount };
  shard.counter += 1;
  const messages = new Map<string, [number, string]>();
  for (const { messageId, expectedVersion, state, dueAt, keepMs, outbox } of winners) {
    const version = expectedVersion + 1;
    shard.messages.set(messageId, {
      version,
      state: state.toString("hex"),
      isKept: keepMs === null,
    });
    if (dueAt === null) shard.timers.delete(messageId);
    else shard.timers.set(messageId, dueAt);
    messages.set(messageId, [version, outbox.toString("hex")]);
  }
  for (const one of winners) modelIndex(shard, one, nowMs);
  shard.outbox.push({ entryId: entryId ?? "", counter: shard.counter, messages });
  return { conflicts, entryId, counter: shard.counter, lateCount };
}

function modelIndex({ indexes }: ModelShard, one: Transition, nowMs: number): void {
  if (!one.indexed) return;
  const { accountId, at } = one.indexed;
  const listed = [...(indexes.get(accountId) ?? []), [one.messageId, at] as const];
  const kept = [...new Map(listed)].filter((entry) => entry[1] >= nowMs - INDEX_KEEP_MS);
  if (kept.length > 0) indexes.set(accountId, new Map(kept));
  else indexes.delete(accountId);
}

export function modelList(
  { indexes }: ModelShard,
  accountId: string,
  { fromMs, toMs, after, countMax }: ListRange,
): ListedMessage[] {
  return [...(indexes.get(accountId) ?? [])]
    .map(([messageId, at]) => ({ messageId, at }))
    .filter((one) => one.at >= fromMs && one.at <= toMs && (!after || isAbove(after, one)))
    .toSorted((a, b) => (isAbove(a, b) ? -1 : 1))
    .slice(0, countMax);
}

export function modelAck(
  shard: ModelShard,
  entryId: string,
  published: readonly { messageId: string; version: number }[],
): StoredMessage[] {
  const newer = published
    .filter(({ messageId, version }) => (shard.messages.get(messageId)?.version ?? 0) > version)
    .map(({ messageId }) => messageId);
  if (newer.length > 0) return modelLoad(shard, newer);
  shard.outbox = shard.outbox.filter((entry) => entry.entryId !== entryId);
  return [];
}

export function modelUnpublished(
  { outbox }: ModelShard,
  counter: number,
  messageIds: readonly string[],
): Map<string, string> {
  const later = outbox.findIndex((entry) => entry.counter > counter);
  const entries = later === -1 ? outbox : outbox.slice(0, later);
  return new Map(
    messageIds.flatMap((id) => {
      const oldest = entries.find(({ messages }) => messages.has(id));
      return oldest ? [[id, oldest.entryId] as const] : [];
    }),
  );
}

export function modelClaim(
  shard: ModelShard,
  { callerNowMs, leaseMs, lentMax }: ClaimOptions,
  redisMs: number,
): Omit<ClaimResult, "epoch"> {
  const clock = Math.min(redisMs, callerNowMs);
  for (const [messageId, { dueAt }] of shard.lent) {
    if (shard.timers.get(messageId) !== dueAt) shard.lent.delete(messageId);
  }
  const again = [...shard.lent].filter(([, { leaseEndsAt }]) => leaseEndsAt <= clock);
  const due = again.map(([messageId, { dueAt, leaseMs: last }]) => {
    const next = Math.min(2 * last, Math.max(leaseMs, LEASE_MS_MAX));
    return lend(shard, { messageId, dueAt }, { clock, leaseMs: next });
  });
  const waiting = sortedTimers(shard).filter(({ messageId, dueAt }) => {
    return dueAt <= clock && !shard.lent.has(messageId);
  });
  const half = Math.max(0, Math.floor((lentMax - shard.lent.size) / 2));
  const longest = waiting.splice(0, half);
  const rest = half === 0 ? 0 : lentMax - shard.lent.size - longest.length;
  const latest = waiting.toReversed().slice(0, rest);
  due.push(...[...longest, ...latest].map((timer) => lend(shard, timer, { clock, leaseMs })));
  const coming = [...shard.timers.values()].filter((dueAt) => dueAt > clock);
  const ends = [...shard.lent.values()].map(({ leaseEndsAt }) => leaseEndsAt);
  const nextDueAt = coming.length + ends.length === 0 ? null : Math.min(...coming, ...ends);
  return { due, nextDueAt, nowMs: clock };
}

function lend(
  { lent }: ModelShard,
  { messageId, dueAt }: { messageId: string; dueAt: number },
  { clock, leaseMs }: { clock: number; leaseMs: number },
) {
  const leaseEndsAt = clock + leaseMs;
  lent.set(messageId, { dueAt, leaseEndsAt, leaseMs });
  return { messageId, dueAt, leaseEndsAt };
}

export function modelRearm(shard: ModelShard, timers: readonly TimerPlace[]): number {
  let moved = 0;
  for (const { messageId, version, dueAt } of timers) {
    const before = shard.timers.get(messageId);
    const isCurrent = (shard.messages.get(messageId)?.version ?? 0) === version;
    if (before === undefined || !isCurrent || before === dueAt) continue;
    if (dueAt === null) shard.timers.delete(messageId);
    else shard.timers.set(messageId, dueAt);
    moved += 1;
  }
  return moved;
}

/** Earliest first; those of one instant in the order of their ids, as a sorted set has it. */
function sortedTimers(shard: ModelShard) {
  return [...shard.timers]
    .map(([messageId, dueAt]) => ({ messageId, dueAt }))
    .toSorted((a, b) => a.dueAt - b.dueAt || (a.messageId < b.messageId ? -1 : 1));
}

/** Hexadecimal digits sort as the bytes do. */
function hex(text: string): string {
  return Buffer.from(text).toString("hex");
}

function isAbove(a: ListedMessage, b: ListedMessage): boolean {
  return a.at > b.at || (a.at === b.at && hex(a.messageId) > hex(b.messageId));
}
