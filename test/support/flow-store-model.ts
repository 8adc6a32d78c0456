// What the flow store must do, written as plainly as possible, for one Redis that any number of
// stores use. Time comes in with each call: the real store's reply says what Redis' clock was.
import type {
  ClaimResult,
  CommitResult,
  StoredMessage,
  Transition,
} from "#libs/flow-store/ports.ts";

type ModelEntry = { entryId: string; counter: number; messages: Map<string, [number, string]> };
type ModelMessage = { version: number; state: string; isKept: boolean };
export type ModelShard = {
  counter: number;
  messages: Map<string, ModelMessage>;
  timers: Map<string, number>;
  outbox: ModelEntry[];
};

export function newModelShard(): ModelShard {
  return { counter: 0, messages: new Map(), timers: new Map(), outbox: [] };
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

/** `entryId` is the one that Redis chose: it is made from its clock. */
export function modelCommit(
  shard: ModelShard,
  transitions: readonly Transition[],
  entryId: string | null,
): CommitResult {
  const current = (messageId: string) => shard.messages.get(messageId)?.version ?? 0;
  const isCurrent = (one: Transition) => current(one.messageId) === one.expectedVersion;
  const winners = transitions.filter((one) => isCurrent(one));
  const losers = transitions.filter((one) => !isCurrent(one));
  const conflicts = losers.map(({ messageId }) => messageId);
  if (winners.length === 0) return { conflicts, entryId: null, counter: shard.counter };
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
  shard.outbox.push({ entryId: entryId ?? "", counter: shard.counter, messages });
  return { conflicts, entryId, counter: shard.counter };
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

export function modelClaim(
  shard: ModelShard,
  claim: { callerNowMs: number; leaseMs: number; countMax: number },
  nowMs: number,
): ClaimResult {
  const clock = Math.min(nowMs, claim.callerNowMs);
  const due = sortedTimers(shard)
    .filter(({ dueAt }) => dueAt <= clock)
    .slice(0, claim.countMax);
  for (const { messageId } of due) shard.timers.set(messageId, nowMs + claim.leaseMs);
  return { due, nextDueAt: sortedTimers(shard)[0]?.dueAt ?? null, nowMs };
}

/** Earliest first; those of one instant in the order of their ids, as a sorted set has it. */
function sortedTimers(shard: ModelShard) {
  return [...shard.timers]
    .map(([messageId, dueAt]) => ({ messageId, dueAt }))
    .toSorted((a, b) => a.dueAt - b.dueAt || (a.messageId < b.messageId ? -1 : 1));
}
