// Reads a topic of one partition at any offset, without a group: nothing is committed, and no reader knows of
// another. For pages that are looked at; stretches that are read whole are for `span-reader.ts`.
import { RetriableError } from "#libs/errors.ts";
import type { ReadRecord } from "./batch-records.ts";
import { toConnectFault } from "./connect-fault.ts";
import { toFault } from "./faults.ts";
import type { KafkaConfig } from "./kafka-config.ts";
import { type Cluster, clusterOf, fetchOnce } from "./kafkajs/cluster.ts";
import { kafkajsClient } from "./kafkajs/kafkajs-client.ts";

const PARTITION = 0;

/** `low` is the oldest offset that is kept, `high` the one that the next record gets. */
export type TopicEnds = { low: number; high: number };

export type TopicReader = AsyncDisposable & {
  ends(topic: string): Promise<TopicEnds>;
  /** The offset of the first record that Kafka took at `atMs` (epoch ms) or later; `high` if there is none. */
  offsetAt(topic: string, atMs: number): Promise<number>;
  /**
   * Records from the offset on, and the offset behind them: some `byteCount` of them as they are stored, one
   * batch at least. A batch comes whole, so those before the offset in its batch are there, too. `from` must
   * lie within the topic's ends. Records that cannot be read are told as `UnreadableBatch`.
   */
  read(
    topic: string,
    from: number,
    byteCount: number,
  ): Promise<{ records: ReadRecord[]; next: number }>;
};

/** Throws RetriableError while Kafka is away, at the call and in every method. */
export async function connectTopicReader(config: KafkaConfig): Promise<TopicReader> {
  const cluster = clusterOf(kafkajsClient(config));
  try {
    await cluster.connect();
  } catch (error) {
    throw toConnectFault(error);
  }
  return {
    ends: async (topic) => {
      const low = await offsetOf(topic, { fromBeginning: true }, cluster);
      return { low, high: await offsetOf(topic, { fromBeginning: false }, cluster) };
    },
    offsetAt: async (topic, atMs) => {
      const found = await offsetOf(topic, { fromTimestamp: atMs }, cluster);
      return found === -1 ? offsetOf(topic, { fromBeginning: false }, cluster) : found;
    },
    read: (topic, from, byteCount) =>
      again(topic, cluster, () => readFrom({ topic, from, byteCount }, cluster)),
    [Symbol.asyncDispose]: () => cluster.disconnect(),
  };
}

async function offsetOf(topic: string, which: object, cluster: Cluster): Promise<number> {
  const asked = [{ topic, partitions: [{ partition: PARTITION }], ...which }];
  return again(topic, cluster, async () => {
    const [found] = await cluster.fetchTopicsOffset(asked);
    return Number(found?.partitions[0]?.offset ?? 0);
  });
}

/** A leader that has moved, or a connection that has died, is looked for once more. */
async function again<T>(topic: string, cluster: Cluster, ask: () => Promise<T>): Promise<T> {
  try {
    await cluster.addTargetTopic(topic);
    return await ask().catch(async () => {
      await cluster.refreshMetadata();
      return ask();
    });
  } catch (error) {
    throw toFault(error, `be asked what lies in ${topic}`);
  }
}

type Stretch = { topic: string; from: number; byteCount: number };

async function readFrom({ topic, from, byteCount }: Stretch, cluster: Cluster) {
  const place = { topic, partition: PARTITION, from, bytesMax: byteCount };
  const { records } = await fetchOnce(place, cluster);
  const last = records.at(-1);
  if (!last) throw new RetriableError(`Kafka gives nothing of ${topic} at offset ${from}.`);
  return { records, next: Number(last.offset) + 1 };
}
