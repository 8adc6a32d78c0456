// Where a group's next record has been deleted (retention passed it, or a topic was made anew),
// kafkajs 2.2.4 goes on at the oldest one with nothing but a line in its log. This lets the consumer
// hear of it. And kafkajs commits -2 for "the oldest", which is no offset: until a record is handled,
// whoever measures the lag takes all that ever was for unread. This commits the one that it stands for.
import { requireInternal } from "./kafkajs-internals.ts";

type Reset = { topic: string; partition: number };
type ConsumerGroup = {
  groupId: string;
  recoverFromOffsetOutOfRange: (this: ConsumerGroup, reset: Reset) => Promise<void>;
};
type TopicOffsets = { topic: string; partitions: { partition: number; offset: string }[] };
type AskedTopic = { topic: string; fromBeginning: boolean; partitions: { partition: number }[] };
type OffsetManager = {
  topicConfigurations: Record<string, { fromBeginning: boolean }>;
  cluster: { fetchTopicsOffset(topics: AskedTopic[]): Promise<TopicOffsets[]> };
  commitOffsets(offsets: { topics: TopicOffsets[] }): Promise<void>;
  clearOffsets(place: Reset): void;
  setDefaultOffset: (this: OffsetManager, place: Reset) => Promise<void>;
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
  const offsets: { prototype: OffsetManager } = requireInternal("consumer/offsetManager/index");
  offsets.prototype.setDefaultOffset = commitOldest;
}

async function commitOldest(this: OffsetManager, { topic, partition }: Reset): Promise<void> {
  const fromBeginning = this.topicConfigurations[topic]?.fromBeginning ?? true;
  const asked = { topic, fromBeginning, partitions: [{ partition }] };
  await this.commitOffsets({ topics: await this.cluster.fetchTopicsOffset([asked]) });
  this.clearOffsets({ topic, partition });
}
