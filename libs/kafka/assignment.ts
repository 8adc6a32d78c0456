// A member's share of its group's partitions, and the work that is due whenever it changes.
import type { Consumer } from "kafkajs";

export type Partitions = Readonly<Record<string, readonly number[]>>;

export type Assignment = {
  /** The member's partitions by topic: another object after every assignment, even of the same. */
  partitions: () => Partitions;
  /** Resolves once `onAssigned` has run since the last assignment. A failed run is tried again. */
  prepared: () => Promise<void>;
};

/** Follows the assignments of `consumer`, from before its first one on. */
export function followAssignment(
  consumer: Consumer,
  onAssigned: () => Promise<void> = () => Promise.resolve(),
): Assignment {
  let partitions: Partitions = {};
  let preparing: Promise<void> | undefined;
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    partitions = payload.memberAssignment;
    preparing = undefined;
  });
  return {
    partitions: () => partitions,
    prepared: async () => {
      preparing ??= onAssigned();
      const current = preparing;
      try {
        await current;
      } catch (error) {
        if (preparing === current) preparing = undefined;
        throw error;
      }
    },
  };
}
