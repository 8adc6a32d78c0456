// The inside of kafkajs, which reads for groups alone, as far as it takes to read without one: connections to
// the brokers, who leads a partition, offsets, and a fetch. What is fetched is decoded as it is for consumers
// (`read-batches.ts`).
import type { Kafka } from "kafkajs";
import { RetriableError } from "#libs/errors.ts";
import type { ReadRecord } from "../batch-records.ts";
import type { Aborted } from "../without-aborted.ts";

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
type FetchedTopic = { partitions: FetchedPartition[] };
type FetchedPartition = {
  messages: ReadRecord[];
  abortedTransactions?: { producerId: string; firstOffset: string }[] | null;
};
type Listed = { topic: string; partitions: { partition: number; offset: string }[] };

/** A fetch returns at once when there is a record. */
const FETCH_WAIT_MS = 250;

/**
 * What is read, and where a partition ends: everything that it holds, or what groups are given, which ends before the first
 * transaction that is still open.
 */
export type Isolation = "all" | "committed";
const LEVELS: Record<Isolation, number> = { all: 0, committed: 1 };

/** What kafkajs' own consumers are made of; it keeps it behind a symbol. Not connected yet. */
export function clusterOf(kafka: Kafka, isolation: Isolation = "all"): Cluster {
  const name = Object.getOwnPropertySymbols(kafka).find(
    ({ description }) => description === "private:Kafka:createCluster",
  );
  if (!name) throw new Error("This kafkajs makes its clusters elsewhere.");
  const create: (options: object) => Cluster = Reflect.get(kafka, name);
  return create({
    metadataMaxAge: 60_000,
    allowAutoTopicCreation: false,
    isolationLevel: LEVELS[isolation],
  });
}

/** `bytesMax` as they are stored; one batch comes at least. */
export type Wanted = {
  topic: string;
  partition: number;
  from: number;
  bytesMax: number;
  isolation?: Isolation;
};
/** `aborted` are told where what is committed was asked for. */
export type Fetched = { records: ReadRecord[]; aborted: Aborted[] };

/**
 * Whole batches from the one on that has the offset: records before it may come, markers, and what was aborted.
 * Rejects with kafkajs' errors, and with RetriableError where the partition has no leader.
 */
export async function fetchOnce(
  { topic, partition, from, bytesMax, isolation = "all" }: Wanted,
  cluster: Cluster,
): Promise<Fetched> {
  const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
  if (nodeId === undefined) throw new RetriableError(`${topic}/${partition} has no leader.`);
  const broker = await cluster.findBroker({ nodeId });
  const place = { partition, fetchOffset: String(from), maxBytes: bytesMax };
  const { responses } = await broker.fetch({
    maxWaitTime: FETCH_WAIT_MS,
    minBytes: 1,
    maxBytes: bytesMax,
    isolationLevel: LEVELS[isolation],
    topics: [{ topic, partitions: [place] }],
  });
  const fetched = responses.flatMap(({ partitions }) => partitions);
  const aborted = fetched.flatMap(({ abortedTransactions }) => abortedTransactions ?? []);
  return {
    records: fetched.flatMap(({ messages }) => messages),
    aborted: aborted.map(({ producerId, firstOffset }) => {
      return { producerId, first: Number(firstOffset) };
    }),
  };
}
