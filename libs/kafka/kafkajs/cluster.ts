// The inside of kafkajs, which reads for groups alone, as far as it takes to read without one: connections to
// the brokers, who leads a partition, offsets, and a fetch. What is fetched is decoded as it is for consumers
// (`read-batches.ts`).
import type { Kafka } from "kafkajs";
import { RetriableError } from "#libs/errors.ts";
import type { ReadRecord } from "../batch-records.ts";

export type Cluster = {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  refreshMetadata(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  findTopicPartitionMetadata(topic: string): { partitionId: number }[];
  findLeaderForPartitions(topic: string, partitions: number[]): Record<string, number[]>;
  findBroker(of: { nodeId: string }): Promise<Broker>;
  fetchTopicsOffset(topics: object[]): Promise<Listed[]>;
};
type Broker = { fetch(request: object): Promise<{ responses: FetchedTopic[] }> };
type FetchedTopic = { partitions: { messages: ReadRecord[] }[] };
type Listed = { topic: string; partitions: { partition: number; offset: string }[] };

/** A fetch returns at once when there is a record. */
const FETCH_WAIT_MS = 250;

/** What kafkajs' own consumers are made of; it keeps it behind a symbol. Not connected yet. */
export function clusterOf(kafka: Kafka): Cluster {
  const name = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === "private:Kafka:createCluster",
  );
  if (!name) throw new Error("This kafkajs makes its clusters elsewhere.");
  const create: (options: object) => Cluster = Reflect.get(kafka, name);
  return create({ metadataMaxAge: 60_000, allowAutoTopicCreation: false, isolationLevel: 0 });
}

/** `bytesMax` as they are stored; one batch comes at least. */
export type Wanted = { topic: string; partition: number; from: number; bytesMax: number };

/**
 * Whole batches from the one on that has the offset: records before it may come, and markers. Rejects with
 * kafkajs' errors, and with RetriableError where the partition has no leader.
 */
export async function fetchOnce(
  { topic, partition, from, bytesMax }: Wanted,
  cluster: Cluster,
): Promise<ReadRecord[]> {
  const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
  if (nodeId === undefined) throw new RetriableError(`${topic}/${partition} has no leader.`);
  const broker = await cluster.findBroker({ nodeId });
  const place = { partition, fetchOffset: String(from), maxBytes: bytesMax };
  const { responses } = await broker.fetch({
    maxWaitTime: FETCH_WAIT_MS,
    minBytes: 1,
    maxBytes: bytesMax,
    isolationLevel: 0,
    topics: [{ topic, partitions: [place] }],
  });
  return responses.flatMap(({ partitions }) => partitions.flatMap(({ messages }) => messages));
}
