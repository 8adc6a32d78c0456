// A member's share of its group's partitions.
import type { Consumer } from "kafkajs";
import type { Partitions } from "../reader.ts";

export type Assignment = {
  /** The member's partitions by topic: another object after every assignment, even of the same. */
  partitions: () => Partitions;
};

/** Follows the assignments of `consumer`, from before its first one on. */
export function followAssignment(consumer: Consumer): Assignment {
  let partitions: Partitions = {};
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    partitions = payload.memberAssignment;
  });
  return { partitions: () => partitions };
}
