// The flow store on Redis. One round trip per call; calls made in the same tick, for several shards,
// share it. Each call is one command or script on one shard, so it happens whole or not at all. A
// RetriableError does not say which: load again, decide again. If the commit had happened and only
// its reply was lost, the reload shows what it wrote and nothing new is decided; its records still
// stand in the outbox, from where `readOutbox` brings them out when they are old enough.
import { ack, ackScript } from "#libs/flow-store/ack.ts";
import { claimDue, claimDueScript, takeBack } from "#libs/flow-store/claim-due.ts";
import { commit, commitScript } from "#libs/flow-store/commit.ts";
import { listMessages, unlistMessages } from "#libs/flow-store/list.ts";
import { load, read } from "#libs/flow-store/load.ts";
import type { FlowStore } from "#libs/flow-store/ports.ts";
import { dropEntry, newestEntryId, readOutbox } from "#libs/flow-store/read-outbox.ts";
import { rearm, rearmScript } from "#libs/flow-store/rearm.ts";
import type { ShardAccess } from "#libs/flow-store/shard-access.ts";
import { shardOf } from "#libs/flow-store/shard-of.ts";

export const FLOW_STORE_SCRIPTS = [commitScript, ackScript, claimDueScript, rearmScript];

/** Binds the calls to one Redis. Use `connectFlowStore`, which checks the number of shards. */
export function createFlowStore(access: ShardAccess, shardCount: number): FlowStore {
  return {
    shardCount,
    shardOf: (messageId) => shardOf(messageId, shardCount),
    load: (shard, messageIds) => load(access, shard, messageIds),
    read: (shard, messageIds) => read(access, shard, messageIds),
    commit: (shard, transitions) => commit(access, shard, transitions),
    ack: (shard, entryId, published) => ack(access, shard, { entryId, published }),
    readOutbox: (shard, options) => readOutbox(access, shard, options),
    newestEntryId: (shard) => newestEntryId(access, shard),
    dropEntry: (shard, entryId) => dropEntry(access, { shard, entryId }),
    rearm: (shard, timers) => rearm(access, shard, timers),
    claimDue: (shard, options) => claimDue(access, shard, options),
    takeBack: (shard, messageIds) => takeBack(access, shard, messageIds),
    list: (accountId, range) => listMessages(access, { accountId, shardCount }, range),
    unlist: (accountId, messageIds) => {
      return unlistMessages(access, { accountId, shardCount }, messageIds);
    },
  };
}
