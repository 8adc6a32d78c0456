// The flow store on Redis. One round trip per call; calls made in the same tick, for several shards,
// share it. Each call is one command or script on one shard, so it happens whole or not at all. A
// RetriableError does not say which: load again, decide again. If the commit had happened and only
// its reply was lost, the reload shows what it wrote and nothing new is decided; its records still
// stand in the outbox, from where `readOutbox` brings them out when they are old enough.
import { ack, ackScript } from "#libs/flow-store/ack.ts";
import { claimDue, claimDueScript, takeBack, takeBackScript } from "#libs/flow-store/claim-due.ts";
import { commit, commitScript } from "#libs/flow-store/commit.ts";
import { confirm } from "#libs/flow-store/confirm.ts";
import { dropOddScript } from "#libs/flow-store/drop-odd.ts";
import { closeScript } from "#libs/flow-store/epoch-guard.ts";
import { firstDue, firstDueScript } from "#libs/flow-store/first-due.ts";
import { listMessages, listScript, unlistMessages, unlistScript } from "#libs/flow-store/list.ts";
import { load, read } from "#libs/flow-store/load.ts";
import {
  closeShard,
  inspectScript,
  inspectShard,
  markEmpty,
  openScript,
  openShard,
} from "#libs/flow-store/open-shard.ts";
import type { FlowStore } from "#libs/flow-store/ports.ts";
import { readEntry, readOutbox, readOutboxScript } from "#libs/flow-store/read-outbox.ts";
import { rearm, rearmScript } from "#libs/flow-store/rearm.ts";
import { restore, restoreScript } from "#libs/flow-store/restore.ts";
import { noteRewritten, rewrittenAt, rewrittenScript } from "#libs/flow-store/rewritten.ts";
import { scanTimers, scanTimersScript } from "#libs/flow-store/scan-timers.ts";
import type { ShardAccess } from "#libs/flow-store/shard-access.ts";
import { shardOf } from "#libs/flow-store/shard-of.ts";
import { unpublished, unpublishedScript } from "#libs/flow-store/unpublished.ts";

export const FLOW_STORE_SCRIPTS = [
  commitScript,
  ackScript,
  claimDueScript,
  firstDueScript,
  takeBackScript,
  rearmScript,
  readOutboxScript,
  unpublishedScript,
  listScript,
  unlistScript,
  closeScript,
  openScript,
  inspectScript,
  dropOddScript,
  restoreScript,
  rewrittenScript,
  scanTimersScript,
];

/** Binds the calls to one Redis. Use `connectFlowStore`, which checks the number of shards. */
export function createFlowStore(access: ShardAccess, shardCount: number): FlowStore {
  const shards = Array.from({ length: shardCount }, (_, shard) => shard);
  return {
    shardCount,
    shardOf: (messageId) => shardOf(messageId, shardCount),
    load: (shard, messageIds) => load(access, shard, messageIds),
    read: (shard, messageIds) => read(access, shard, messageIds),
    confirm: (epoch) => confirm(access, epoch),
    commit: (epoch, transitions) => commit(access, epoch, transitions),
    ack: (epoch, entryId, published) => ack(access, epoch, { entryId, published }),
    readOutbox: (shard, options) => readOutbox(access, shard, options),
    readEntry: (shard, entryId) => readEntry(access, shard, entryId),
    unpublished: (found, messageIds) => unpublished(access, found, messageIds),
    rearm: (epoch, timers) => rearm(access, epoch, timers),
    claimDue: (shard, options) => claimDue(access, shard, options),
    firstDue: (some) => firstDue(access, some),
    takeBack: (epoch, messageIds) => takeBack(access, epoch, messageIds),
    list: (accountId, range) => listMessages(access, { accountId, shardCount }, range),
    unlist: (epoch, accountId, messageIds) => {
      return unlistMessages(access, epoch, { accountId, messageIds });
    },
    inspect: () => Promise.all(shards.map((shard) => inspectShard(access, shard))),
    markEmpty: (shard) => markEmpty(access, shard),
    close: (found, how) => closeShard(access, found, how),
    open: (closed, known) => openShard(access, closed, known),
    restore: (closed, messages) => restore(access, closed, messages),
    rewrittenAt: (shard) => rewrittenAt(access, shard),
    noteRewritten: (epoch, atMs) => noteRewritten(access, epoch, atMs),
    scanTimers: (shard, cursor) => scanTimers(access, shard, cursor),
  };
}
