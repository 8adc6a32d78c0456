// Where partitions are read from.
import type { Base, Broker, ClusterMetadata } from "@platformatic/kafka";
import { RetriableError } from "#libs/errors.ts";
import type { Place } from "../reader.ts";
import { ask } from "./ask.ts";
import type { Group } from "./group.ts";
import type { Membership } from "./place-in-group.ts";

const EARLIEST = -2n;
const NO_REPLICA = -1;
const READ_COMMITTED = 1;
const NO_EPOCH = -1;

type Listed = { topics: { partitions: { offset: bigint }[] }[] };

/** Where each partition of a member goes on: at the offset that is committed, else at the oldest record. */
export async function startsOf(
  membership: Membership,
  group: Group,
  client: Base,
): Promise<(Place & { next: number })[]> {
  const committed = await group.committed(membership);
  return Promise.all(
    committed.map(async (place) => {
      return place.next >= 0 ? place : { ...place, next: await oldestOf(place, client) };
    }),
  );
}

/** The offset of a partition's oldest record. */
export async function oldestOf({ topic, partition }: Place, client: Base): Promise<number> {
  const broker = leaderOf({ topic, partition }, await client.metadata({ topics: [topic] }));
  if (!broker) throw new RetriableError(`${topic}/${partition} has no leader.`);
  const asked = { partitionIndex: partition, currentLeaderEpoch: NO_EPOCH, timestamp: EARLIEST };
  const topics = [{ name: topic, partitions: [asked] }];
  const of = { client, broker };
  const { topics: listed } = await ask<Listed>(
    of,
    "ListOffsets",
    NO_REPLICA,
    READ_COMMITTED,
    topics,
  );
  return Number(listed[0]?.partitions[0]?.offset ?? 0);
}

/** The broker that leads a partition, as far as it is known. */
export function leaderOf(
  { topic, partition }: Place,
  { topics, brokers }: ClusterMetadata,
): Broker | undefined {
  const leader = topics.get(topic)?.partitions[partition]?.leader;
  return leader === undefined ? undefined : brokers.get(leader);
}
