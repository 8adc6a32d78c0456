import type { MemoryBroker } from "./memory-broker.ts";
import type { Network } from "./network.ts";

/** kafkajs' admin, as far as lags and restores ask. */
export function memoryAdmin(broker: MemoryBroker, network: Network) {
  const partitionsOf = (topic: string) =>
    Array.from({ length: broker.partitionCount(topic) }, (_, partition) => partition);
  return {
    connect: () => network("other", () => undefined),
    disconnect: async () => undefined,
    fetchOffsets: ({ groupId, topics }: { groupId: string; topics: string[] }) =>
      network("other", () =>
        topics.map((topic) => ({
          topic,
          partitions: partitionsOf(topic).map((partition) => {
            const offset = broker.group(groupId).offsets.get(`${topic}/${partition}`) ?? -1;
            return { partition, offset: String(offset), metadata: null };
          }),
        })),
      ),
    describeGroups: (groupIds: string[]) =>
      network("other", () => ({
        groups: groupIds.map((groupId) => broker.group(groupId).describe()),
      })),
    fetchTopicOffsets: (topic: string) =>
      network("other", () =>
        partitionsOf(topic).map((partition) => {
          const { low, high } = broker.offsets(topic, partition);
          return { partition, offset: String(high), low: String(low), high: String(high) };
        }),
      ),
    fetchTopicOffsetsByTimestamp: (topic: string, timestamp = -1) =>
      network("other", () =>
        partitionsOf(topic).map((partition) => {
          const offset =
            timestamp < 0
              ? broker.offsets(topic, partition).high
              : broker.offsetAt(topic, partition, timestamp);
          return { partition, offset: String(offset) };
        }),
      ),
  };
}
