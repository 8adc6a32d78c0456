// What a member asks of its group. @platformatic/kafka's own consumer is passed by: where a commit is refused because the
// group moves on, it joins again and commits the same for the new generation.
import type { Place } from "../reader.ts";
import { coordinatorOf } from "./coordinator.ts";
import { type Joining, type Membership, placeInGroup } from "./place-in-group.ts";

/** Nobody asks for the epoch of a leader that a group's offset was of. */
const NO_EPOCH = -1;

type CommittedTopic = {
  name: string;
  partitions: { partitionIndex: number; committedOffset: bigint }[];
};
/** The older versions of a request ask for one group. */
type Committed = { groups?: { topics: CommittedTopic[] }[]; topics?: CommittedTopic[] };

export type Group = ReturnType<typeof groupOf>;

/** Every call rejects with the client's errors. */
export function groupOf(own: Omit<Joining, "askCoordinator">) {
  const { groupId, client } = own;
  const askCoordinator = coordinatorOf(groupId, client);
  return {
    ...placeInGroup({ ...own, askCoordinator }),
    async beat({ memberId, generation }: Membership): Promise<void> {
      await askCoordinator(client, "Heartbeat", groupId, generation, memberId, null);
    },
    /** Where each partition of a member goes on; -1 where nothing is committed. */
    async committed({ memberId, partitions }: Membership): Promise<(Place & { next: number })[]> {
      const topics = Object.entries(partitions).map(([name, all]) => {
        return { name, partitionIndexes: [...all] };
      });
      const asked = [{ groupId, memberId, memberEpoch: NO_EPOCH, topics }];
      const answer = await askCoordinator<Committed>(client, "OffsetFetch", asked, false);
      return toPlaces(answer.groups?.[0]?.topics ?? answer.topics ?? []);
    },
    /** For that generation alone: no other one takes it. */
    async commit(of: Membership, { topic, partition }: Place, offset: string): Promise<void> {
      const place = { partitionIndex: partition, committedOffset: BigInt(offset) };
      const partitions = [{ ...place, committedLeaderEpoch: NO_EPOCH, committedMetadata: null }];
      const args = [of.generation, of.memberId, null, [{ name: topic, partitions }]];
      await askCoordinator(client, "OffsetCommit", groupId, ...args);
    },
  };
}

function toPlaces(topics: readonly CommittedTopic[]): (Place & { next: number })[] {
  return topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, committedOffset }) => {
      return { topic: name, partition: partitionIndex, next: Number(committedOffset) };
    }),
  );
}
