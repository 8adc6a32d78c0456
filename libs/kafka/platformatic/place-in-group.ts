// How a member comes into its group, and out of it.
import type { Base } from "@platformatic/kafka";
import { REBALANCE_TIMEOUT_MS, SESSION_TIMEOUT_MS } from "../group-pace.ts";
import type { Partitions } from "../reader.ts";
import type { AskCoordinator } from "./coordinator.ts";
import { dealOut, protocolsOf, readShare } from "./deal-out.ts";
import { isKnown, memberIdGiven } from "./platformatic-faults.ts";

const CONSUMER = "consumer";

export type Membership = { memberId: string; generation: number; partitions: Partitions };
type Joined = {
  memberId: string;
  generationId: number;
  leader: string;
  protocolName: string;
  members: { memberId: string }[];
};
type Synced = { assignment: Buffer };

export type Joining = {
  groupId: string;
  topics: readonly string[];
  client: Base;
  /** Has the time that a group takes to be dealt out, and no connection otherwise: an old one may be dead by then. */
  joining: Base;
  askCoordinator: AskCoordinator;
};

/** Of one member, over all of its generations. */
export function placeInGroup(own: Joining) {
  const { groupId, client, joining, askCoordinator } = own;
  let memberId = "";

  async function enter(): Promise<Joined> {
    const times = [SESSION_TIMEOUT_MS, REBALANCE_TIMEOUT_MS];
    const rest = [memberId, null, CONSUMER, protocolsOf(own.topics), ""];
    try {
      return await askCoordinator<Joined>(joining, "JoinGroup", groupId, ...times, ...rest);
    } catch (error) {
      const given = memberIdGiven(error);
      if (given === undefined || memberId !== "") throw error;
      memberId = given;
      return enter();
    }
  }

  async function joinOnce(): Promise<Membership> {
    const joined = await enter();
    memberId = joined.memberId;
    const { generationId: generation, protocolName } = joined;
    const rest = [generation, memberId, null, CONSUMER, protocolName, await sharesOf(joined, own)];
    const { assignment } = await askCoordinator<Synced>(joining, "SyncGroup", groupId, ...rest);
    return { memberId, generation, partitions: readShare(assignment) };
  }

  return {
    /** Joins, as the member that it was where the group still knows it, and gets its share. */
    async join(): Promise<Membership> {
      try {
        return await joinOnce();
      } catch (error) {
        if (!isKnown(error)) memberId = "";
        throw error;
      } finally {
        for (const [, connection] of joining.connections) void connection.close();
      }
    },
    async leave(): Promise<void> {
      if (memberId === "") return;
      const members = [{ memberId, groupInstanceId: null, reason: null }];
      await askCoordinator(client, "LeaveGroup", groupId, members);
    },
  };
}

/** One member deals out for all. */
async function sharesOf({ leader, memberId, members }: Joined, { client, topics }: Joining) {
  if (leader !== memberId) return [];
  const { topics: known } = await client.metadata({ topics: [...topics], forceUpdate: true });
  const counts = topics.map((topic) => [topic, known.get(topic)?.partitionsCount ?? 0] as const);
  const memberIds = members.map((each) => each.memberId);
  return dealOut(memberIds, new Map(counts));
}
