import type { Epoch } from "#libs/flow-store/epoch.ts";
import { shardScript } from "#libs/flow-store/epoch-guard.ts";
import { accountKey, messageKeys, shardKeys } from "#libs/flow-store/keys.ts";
import type { CommitResult, Transition } from "#libs/flow-store/ports.ts";
import type { ShardAccess } from "#libs/flow-store/shard-access.ts";
import { encodeVersioned } from "#libs/flow-store/versioned.ts";
import { toList, toNumber, toText } from "#libs/redis/reply.ts";

/** A script of so many takes 2 to 3 ms, during which that Redis serves nobody else. */
export const TRANSITION_COUNT_MAX = 512;

/** As long as the journal keeps a message. */
export const INDEX_KEEP_MS = 45 * 24 * 3_600_000;

export const commitScript = shardScript("armed", "commit");

/**
 * Writes up to TRANSITION_COUNT_MAX transitions of different messages, each if its version has not
 * moved and it is not too late for it. Throws ShardClosedError, and RangeError for a batch that is empty, too large, or names a
 * message twice.
 */
export async function commit(
  { guard }: ShardAccess,
  epoch: Epoch,
  transitions: readonly Transition[],
): Promise<CommitResult> {
  const { shard } = epoch;
  const messageIds = transitions.map(({ messageId }) => messageId);
  assertBatch(messageIds);
  const { timers, armed, outbox } = shardKeys(shard);
  const before = guard.seen(shard);
  const indexes = transitions.flatMap(({ indexed }) => indexed ?? []);
  const keys = [timers, armed, outbox, ...messageKeys(shard, messageIds)].concat(
    indexes.map(({ accountId }) => accountKey(shard, accountId)),
  );
  const args = [String(INDEX_KEEP_MS), ...transitions.flatMap(toArgs)];
  const reply = toList(await guard.call(epoch, commitScript, { keys, args }));
  const [conflicts, entryId, counter, lateCount] = reply;
  await guard.note(epoch, toNumber(counter), before);
  return {
    conflicts: toList(conflicts).map((index) => messageIds[toNumber(index)] ?? ""),
    entryId: entryId === null ? null : toText(entryId),
    counter: toNumber(counter),
    lateCount: toNumber(lateCount),
  };
}

function assertBatch(messageIds: readonly string[]): void {
  const { length } = messageIds;
  if (length > 0 && length <= TRANSITION_COUNT_MAX && new Set(messageIds).size === length) return;
  throw new RangeError(`A commit takes 1 to ${TRANSITION_COUNT_MAX} different messages.`);
}

function toArgs(transition: Transition): (string | Buffer)[] {
  const { messageId, expectedVersion, storeBy, state, dueAt, keepMs, outbox, indexed } = transition;
  const next = encodeVersioned(expectedVersion + 1, state);
  const times = [dueAt, keepMs, indexed?.at].map((time) => String(time ?? ""));
  return [messageId, next, ...times, outbox, String(storeBy)];
}
