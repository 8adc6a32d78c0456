// kafkajs' consumer as a reader.
import type { Consumer, EachBatchPayload } from "kafkajs";
import { toConnectFault } from "../connect-fault.ts";
import { toFault } from "../faults.ts";
import type { Batch, Reader, ReaderOptions } from "../reader.ts";
import { type Assignment, followAssignment } from "./assignment.ts";
import { commitsTogether, type Offsets } from "./commit-together.ts";
import { createMember, followLife, passMarkers } from "./group-member.ts";
import { whileBeating } from "./heartbeat.ts";
import { onOffsetReset } from "./offset-reset-patch.ts";

/** All partitions that one fetch brings at once; the next fetch waits for the slowest of them. */
const PARTITION_COUNT_MAX = 64;

/** Connects. Throws RetriableError when Kafka is away, or does not know a topic yet; ConfigError where it refuses us. */
export async function openKafkajsReader(options: ReaderOptions): Promise<Reader> {
  const { groupId, topics, stopping } = options;
  await using opened = new AsyncDisposableStack();
  const consumer = createMember(options);
  opened.defer(() => consumer.disconnect());
  const assignment = followAssignment(consumer);
  const isConsuming = followLife(consumer, options.onFatal);
  await connect(consumer, topics);
  opened.use(onOffsetReset(groupId, options.onLoss));
  passMarkers(consumer, options.isHeld);
  const resources = opened.move();
  return {
    isConsuming,
    partitions: assignment.partitions,
    seek: (place) => consumer.seek(place),
    run: (handle) => run({ consumer, assignment, stopping }, handle),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function connect(consumer: Consumer, topics: readonly string[]): Promise<void> {
  try {
    await consumer.connect();
  } catch (error) {
    throw toConnectFault(error);
  }
  try {
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  } catch (error) {
    throw toFault(error, `let ${topics.join(", ")} be consumed`);
  }
}

type Running = { consumer: Consumer; assignment: Assignment; stopping: AbortSignal };

async function run(
  { consumer, assignment, stopping }: Running,
  handle: (batch: Batch) => Promise<void>,
): Promise<void> {
  const commit = commitsTogether();
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: PARTITION_COUNT_MAX,
    eachBatch: async (payload) => {
      const assigned = assignment.partitions();
      const isAssigned = () => assignment.partitions() === assigned;
      await whileBeating(
        () => payload.heartbeat(),
        (isRebalancing) => {
          const isEnding = () => stopping.aborted || isRebalancing();
          return handle(toBatch(payload, { isAssigned, isEnding, commit }));
        },
      );
    },
  });
}

type Membership = Pick<Batch, "isAssigned"> & {
  isEnding: () => boolean;
  commit: ReturnType<typeof commitsTogether>;
};

function toBatch(payload: EachBatchPayload, membership: Membership): Batch {
  const { isAssigned, isEnding, commit } = membership;
  const { topic, partition, messages } = payload.batch;
  const send = (offsets: Offsets) => payload.commitOffsetsIfNecessary(offsets);
  return {
    topic,
    partition,
    messages,
    first: fetchedFrom(payload.batch),
    last: payload.batch.lastOffset(),
    isOver: () => !payload.isRunning() || payload.isStale() || isEnding(),
    isAssigned,
    commit: (offset) => commit({ topic, partition, isAssigned, offset, send }),
    resolve: (offset) => payload.resolveOffset(offset),
    pause: () => payload.pause(),
  };
}

/** kafkajs 2.2.4 has it, and its types have not. */
function fetchedFrom(batch: EachBatchPayload["batch"] & { fetchedOffset?: string }): string {
  if (batch.fetchedOffset === undefined)
    throw new Error("This kafkajs does not say where it asked from.");
  return batch.fetchedOffset;
}
