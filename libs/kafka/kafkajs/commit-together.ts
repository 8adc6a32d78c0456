// Partitions that one fetch has brought end at about the same time. What they commit then goes in one request: each costs the
// member and the broker, which writes it down, as much for one partition as for all.
import { setImmediate as endOfTurn } from "node:timers/promises";
import { RetriableError } from "#libs/errors.ts";
import { isRebalance } from "../faults.ts";
import type { Batch } from "../reader.ts";

/** As kafkajs takes them. */
export type Offsets = {
  topics: { topic: string; partitions: { partition: number; offset: string }[] }[];
};

export type Committing = Pick<Batch, "topic" | "partition" | "isAssigned"> & {
  offset: string;
  /** By the member and the generation that its records were read in. */
  send: (offsets: Offsets) => Promise<void>;
};

/** Of one member. Commits as `Batch.commit` does; all of one turn of the event loop share a request, and what befalls it. */
export function commitsTogether(): (one: Committing) => Promise<boolean> {
  let gathered: Committing[] = [];
  let committed: Promise<boolean> | undefined;

  async function commitGathered(): Promise<boolean> {
    await endOfTurn();
    const all = gathered;
    gathered = [];
    committed = undefined;
    return commitAll(all);
  }

  return (one) => {
    gathered.push(one);
    committed ??= commitGathered();
    return committed;
  };
}

async function commitAll(all: readonly Committing[]): Promise<boolean> {
  const [first] = all;
  // One that is of an assignment before would be committed for who has its partition now.
  if (!first || !all.every(({ isAssigned }) => isAssigned())) return false;
  const topics = [...Map.groupBy(all, ({ topic }) => topic)].map(([topic, ofTopic]) => {
    return { topic, partitions: ofTopic.map(({ partition, offset }) => ({ partition, offset })) };
  });
  try {
    await first.send({ topics });
  } catch (error) {
    if (isRebalance(error)) return false;
    throw new RetriableError("Offsets are not committed", { cause: error });
  }
  return true;
}
