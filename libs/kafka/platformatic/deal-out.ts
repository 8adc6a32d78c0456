// Who gets which partitions. Name, bytes and rule are those of kafkajs' assigner, so that members of both clients can be
// in one group while they are exchanged for each other.
import {
  decodeConsumerProtocolAssignment,
  encodeConsumerProtocolAssignment,
  encodeConsumerProtocolSubscription,
} from "@platformatic/kafka";
import type { Partitions, Place } from "../reader.ts";

const VERSION = 0;
const userData = Buffer.alloc(0);

/** What a member says of itself when it joins. */
export function protocolsOf(topics: readonly string[]) {
  const metadata = encodeConsumerProtocolSubscription({
    version: VERSION,
    topics: [...topics],
    userData,
  });
  return [{ name: "RoundRobinAssigner", metadata }];
}

/** Each partition to the next member in turn, in the order of their ids. */
export function dealOut(
  memberIds: readonly string[],
  partitionCounts: ReadonlyMap<string, number>,
): { memberId: string; assignment: Buffer }[] {
  const places = [...partitionCounts].flatMap(([topic, count]) =>
    Array.from({ length: count }, (_, partition) => ({ topic, partition })),
  );
  return memberIds.toSorted().map((memberId, index) => {
    const own = places.filter((_, at) => at % memberIds.length === index);
    const assignedPartitions = Object.entries(byTopic(own)).map(([topic, partitions]) => {
      return { topic, partitions: [...partitions] };
    });
    const assignment = encodeConsumerProtocolAssignment({
      version: VERSION,
      assignedPartitions,
      userData,
    });
    return { memberId, assignment };
  });
}

/** What a member got: nothing, where there are more members than partitions. */
export function readShare(assignment: Buffer): Partitions {
  if (assignment.length === 0) return {};
  const { assignedPartitions } = decodeConsumerProtocolAssignment(assignment);
  return Object.fromEntries(assignedPartitions.map((each) => [each.topic, each.partitions]));
}

function byTopic(places: readonly Place[]): Partitions {
  const topics = [...new Set(places.map(({ topic }) => topic))];
  return Object.fromEntries(
    topics.map((topic) => {
      const own = places.filter((place) => place.topic === topic);
      return [topic, own.map(({ partition }) => partition)];
    }),
  );
}
