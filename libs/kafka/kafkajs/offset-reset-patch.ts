// Where a group's next record has been deleted (retention passed it, or a topic was made anew),
// kafkajs 2.2.4 goes on at the oldest one with nothing but a line in its log: what lay in between is
// skipped. This lets the consumer hear of it, and decide. And kafkajs commits -2 for "the oldest", which
// is no offset: until a record is handled, whoever measures the lag takes all that ever was for unread.
// This commits the one that it stands for.
import { requireInternal } from "./kafkajs-internals.ts";

type Reset = { topic: string; partition: number };
type ConsumerGroup = {
  groupId: string;
  pause(places: { topic: string; partitions: number[] }[]): void;
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

/** `stop`: nothing more is fetched of the partition, and its offset stays as it is. */
type Listener = (reset: Reset) => "stop" | "go on";

const listeners = new Map<string, Set<Listener>>();

/** Asks `listener` about every partition of which a member of the group in this process lost records. */
export function onOffsetReset(groupId: string, listener: Listener): Disposable {
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
    const words = [...(listeners.get(this.groupId) ?? [])].map((listener) => listener(reset));
    if (!words.includes("stop")) return recover.call(this, reset);
    const { topic, partition } = reset;
    this.pause([{ topic, partitions: [partition] }]);
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
