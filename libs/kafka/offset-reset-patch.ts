// Where a group's next record has been deleted (retention passed it, or a topic was made anew),
// kafkajs 2.2.4 goes on at the oldest one with nothing but a line in its log. This lets the consumer
// hear of it.
import { requireInternal } from "./kafkajs-internals.ts";

type Reset = { topic: string; partition: number };
type ConsumerGroup = {
  groupId: string;
  recoverFromOffsetOutOfRange: (this: ConsumerGroup, reset: Reset) => Promise<void>;
};

const listeners = new Map<string, Set<(reset: Reset) => void>>();

/** Calls `listener` for every partition of which a member of the group in this process lost records. */
export function onOffsetReset(groupId: string, listener: (reset: Reset) => void): Disposable {
  const ofGroup = listeners.get(groupId) ?? new Set();
  listeners.set(groupId, ofGroup.add(listener));
  return {
    [Symbol.dispose]() {
      ofGroup.delete(listener);
      if (ofGroup.size === 0) listeners.delete(groupId);
    },
  };
}

/** Repairs kafkajs in this process. */
export function patchOffsetReset(): void {
  const { prototype }: { prototype: ConsumerGroup } = requireInternal("consumer/consumerGroup");
  const { recoverFromOffsetOutOfRange: recover } = prototype;
  prototype.recoverFromOffsetOutOfRange = async function recoverLoudly(reset) {
    for (const listener of listeners.get(this.groupId) ?? []) listener(reset);
    await recover.call(this, reset);
  };
}
