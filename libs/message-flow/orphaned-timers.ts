// A timer and its message stand and fall together: one commit writes both, and whoever loses writes loses them in their
// order. A timer that is still there without its message says that somebody deleted that by hand.
import { topics } from "#libs/contracts/topics.ts";
import type { Epoch } from "#libs/flow-store/epoch.ts";
import { keysOfShard } from "#libs/flow-store/keys.ts";
import type { Flow } from "./flow.ts";
import { setAside } from "./set-aside.ts";

/**
 * Tells of each message of the shard that is gone while its timer is still there, by a dead letter, and has the timer fire
 * again at `dueAt`, epoch ms: nobody else knows of the message but Kafka. Throws RetriableError.
 */
export async function tellOrphans(
  epoch: Epoch,
  messageIds: readonly string[],
  { dueAt, flow }: { dueAt: number; flow: Flow },
): Promise<void> {
  for (const messageId of messageIds) {
    // A tick may come late, for what is over: it tells of nothing.
    const isThere = (await flow.store.rearm(epoch, [{ messageId, version: 0, dueAt }])) > 0;
    if (isThere) await setAside(orphan(messageId, epoch.shard), flow);
  }
}

function orphan(messageId: string, shard: number) {
  const reason = `Redis has this message's timer, but not the message: somebody deleted it. Delete the other keys of its shard (${keysOfShard(shard)}), too: all of it is restored from the journal then.`;
  const key = Buffer.from(messageId);
  return { topic: topics.timerTicks.name, key, bytes: null, stage: "timer", reason } as const;
}
