// kafkajs 2.2.4 takes over from one assignment of partitions into the next where it was sent to read on, what it was
// fetching meanwhile, and what waits for a worker. The next one begins at the committed offsets: whatever lies between those and what was
// taken over is skipped, and committed with what comes behind it. This ends all three with their assignment.
import { requireInternal } from "./kafkajs-internals.ts";

type ConsumerGroup = {
  /** Another object from each assignment on. */
  offsetManager: object | null;
  seekOffset: Map<string, string>;
  joinAndSync: (this: ConsumerGroup) => Promise<void>;
  fetch: (this: ConsumerGroup, nodeId: number) => Promise<object[]>;
};

type Runner = {
  consumerGroup: ConsumerGroup;
  handleBatch: (this: Runner, batch: object) => Promise<void>;
};

/** Of each batch, the assignment for which it was fetched. */
const assignments = new WeakMap<object, ConsumerGroup["offsetManager"]>();

/** Repairs kafkajs in this process. */
export function patchAssignment(): void {
  const { prototype }: { prototype: ConsumerGroup } = requireInternal("consumer/consumerGroup");
  const { joinAndSync: join, fetch } = prototype;
  prototype.joinAndSync = async function joinWithNothing() {
    // What is sought before there is any is meant for the first: so do kafkajs' own `setOffsets`.
    const isFirst = this.offsetManager === null;
    await join.call(this);
    if (!isFirst) this.seekOffset.clear();
  };
  // A member of several brokers fetches from each by itself, and whichever is told so first joins anew. Its
  // generation is not what to ask for: it is the next one's from the join on, while all else waits for the sync.
  prototype.fetch = async function fetchForOne(nodeId) {
    const { offsetManager } = this;
    const batches = await fetch.call(this, nodeId);
    for (const batch of batches) assignments.set(batch, offsetManager);
    return this.offsetManager === offsetManager ? batches : [];
  };
  patchRunner();
}

/** Batches that more brokers bring than there are workers wait for one, and the join with them. */
function patchRunner(): void {
  const { prototype }: { prototype: Runner } = requireInternal("consumer/runner");
  const { handleBatch: handle } = prototype;
  prototype.handleBatch = async function handleForOne(batch) {
    const isOver = assignments.get(batch) !== this.consumerGroup.offsetManager;
    if (assignments.has(batch) && isOver) return;
    await handle.call(this, batch);
  };
}
