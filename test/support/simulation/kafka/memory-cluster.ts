// What kafkajs' own consumers are made of, as `libs/kafka/span-reader.ts` uses it: reads without a group.
import { type LogRecord, type MemoryBroker } from "./memory-broker.ts";
import { toMessage } from "./memory-consumer.ts";
import type { Network } from "./network.ts";

const NODE_ID = "0";
const LATEST = -1;
const EARLIEST = -2;

type Wanted = { topic: string; partitions: { partition: number; fetchOffset: string }[] };
type Asked = { topic: string; partitions: { partition: number }[]; fromTimestamp: number };
type Limits = { network: Network; fetchCountMax: number };

export function memoryCluster(broker: MemoryBroker, { network, fetchCountMax }: Limits) {
  const nothing = () => network("other", () => undefined);
  function fetch({ topic, partitions }: Wanted) {
    const fetched = partitions.map(({ partition, fetchOffset }) => {
      const { records } = broker.fetch(topic, partition, Number(fetchOffset), fetchCountMax);
      return { partition, messages: records.map((record: LogRecord) => toMessage(record)) };
    });
    return { partitions: fetched };
  }
  function offsetOf({ topic, fromTimestamp }: Asked, partition: number): number {
    const { low, high } = broker.offsets(topic, partition);
    if (fromTimestamp === LATEST) return high;
    if (fromTimestamp === EARLIEST) return low;
    const at = broker.offsetAt(topic, partition, fromTimestamp);
    return at === high ? LATEST : at;
  }
  return {
    connect: nothing,
    disconnect: async () => undefined,
    refreshMetadata: nothing,
    addTargetTopic: (topic: string) => network("other", () => void broker.partitionCount(topic)),
    findTopicPartitionMetadata: (topic: string) =>
      Array.from({ length: broker.partitionCount(topic) }, (_, partitionId) => ({ partitionId })),
    findLeaderForPartitions: (_: string, partitions: number[]) => ({ [NODE_ID]: partitions }),
    findBroker: async () => ({
      fetch: ({ topics }: { topics: Wanted[] }) =>
        network("fetch", () => ({ responses: topics.map(fetch) })),
    }),
    fetchTopicsOffset: (asked: Asked[]) =>
      network("other", () =>
        asked.map((one) => ({
          topic: one.topic,
          partitions: one.partitions.map(({ partition }) => {
            return { partition, offset: String(offsetOf(one, partition)) };
          }),
        })),
      ),
  };
}
