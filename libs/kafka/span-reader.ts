// Reads stretches of a topic's partitions once, by offsets, as no member of any group: for what is looked
// up in the past of a topic. kafkajs reads for groups alone; its connections and its fetch are all here.

import { cutItems } from "#libs/cut-items.ts";
import { RetriableError } from "#libs/errors.ts";
import type { ReadRecord } from "./batch-records.ts";
import { toConnectFault } from "./connect-fault.ts";
import type { KafkaConfig } from "./kafka-config.ts";
import {
  type Cluster,
  clusterOf,
  type Fetched,
  fetchOnce,
  type Isolation,
} from "./kafkajs/cluster.ts";
import { kafkajsClient } from "./kafkajs/kafkajs-client.ts";
import { patiently } from "./patiently.ts";
import { SpanRecord, type StoredRecord } from "./stored-record.ts";
import { withoutAborted } from "./without-aborted.ts";

/**
 * What one fetch brings of a partition, bytes; at most two are in memory for each that is read. A thousand of the
 * journal's records, compressed: of more at a time the garbage collector has twice the work, as they grow old.
 */
const FETCH_BYTES_MAX = 128 * 1024;
/** Records that are handed over at a time: what is made of more of them outlives the young garbage. */
const HANDLED_COUNT_MAX = 256;
/** Partitions that are read at once. */
const PARTITION_COUNT_MAX = 4;
/** How long a partition may bring nothing before its end. */
const STANDSTILL_MS = 15_000;

/** The records of a partition from offset `from` on, before `end`. */
export type Span = { partition: number; from: number; end: number };

export type SpanReader = AsyncDisposable & {
  /** How many partitions the topic has. */
  readonly partitionCount: number;
  /**
   * What partitions (all, where none are named) hold now of what the broker took at `sinceMs` (epoch ms) or
   * later. What is acknowledged when it is called lies within. Throws RetriableError.
   */
  spansSince(sinceMs: number, partitions?: readonly number[]): Promise<Span[]>;
  /**
   * Hands over what the spans hold, those of one partition in order, several partitions at once. What
   * compaction or retention has taken is not there. Rejects with what `handle` rejects with, and with
   * RetriableError while Kafka is away.
   */
  read(spans: readonly Span[], handle: (records: StoredRecord[]) => Promise<void>): Promise<void>;
};

const LATEST = -1;
const EARLIEST = -2;

/**
 * Connects. `committed`: for a topic into which others write by transactions. `all` of ours hides nothing behind a transaction
 * that somebody has left open. Throws RetriableError while Kafka is away, or does not know the topic.
 */
export async function openSpanReader(
  kafka: KafkaConfig,
  topic: string,
  isolation: Isolation = "all",
): Promise<SpanReader> {
  const cluster = clusterOf(kafkajsClient(kafka), isolation);
  try {
    await cluster.connect();
    await cluster.addTargetTopic(topic);
  } catch (error) {
    await cluster.disconnect();
    throw toConnectFault(error);
  }
  const partitions = cluster
    .findTopicPartitionMetadata(topic)
    .map(({ partitionId }) => partitionId);
  const place = { cluster, topic, isolation };
  return {
    partitionCount: partitions.length,
    spansSince: (sinceMs, some = partitions) => spansSince(sinceMs, some, place),
    async read(spans, handle) {
      const left = spans.filter(({ from, end }) => from < end).toReversed();
      const lanes = Array.from({ length: PARTITION_COUNT_MAX }, async () => {
        for (let span = left.pop(); span; span = left.pop()) await readSpan(span, place, handle);
      });
      await Promise.all(lanes);
    },
    [Symbol.asyncDispose]: () => cluster.disconnect(),
  };
}

type Place = { cluster: Cluster; topic: string; isolation: Isolation };

async function spansSince(
  sinceMs: number,
  partitions: readonly number[],
  place: Place,
): Promise<Span[]> {
  const [ends, starts] = await patiently(place.cluster, `tell the offsets of ${place.topic}`, () =>
    Promise.all([LATEST, sinceMs].map((at) => offsetsAt(at, partitions, place))),
  );
  return partitions.map((partition) => {
    const end = ends?.get(partition) ?? 0;
    const from = starts?.get(partition) ?? LATEST;
    return { partition, from: from === LATEST ? end : from, end };
  });
}

/** -1 where a partition has nothing so young. */
async function offsetsAt(
  fromTimestamp: number,
  partitions: readonly number[],
  { cluster, topic }: Place,
) {
  const asked = partitions.map((partition) => ({ partition }));
  const [listed] = await cluster.fetchTopicsOffset([{ topic, partitions: asked, fromTimestamp }]);
  const offsets = listed?.partitions ?? [];
  return new Map(offsets.map(({ partition, offset }) => [partition, Number(offset)]));
}

async function readSpan(
  { partition, from, end }: Span,
  place: Place,
  handle: (records: StoredRecord[]) => Promise<void>,
): Promise<void> {
  let next = from;
  let coming = fetch(partition, next, place);
  let movedAtMs = performance.now();
  while (next < end) {
    const { at, ...fetched } = await coming;
    const last = fetched.records.at(-1);
    next = last ? Math.max(at, Number(last.offset) + 1) : at;
    if (last) movedAtMs = performance.now();
    else if (performance.now() - movedAtMs > STANDSTILL_MS) {
      throw new RetriableError(`${place.topic}/${partition} brings nothing at offset ${next}.`);
    }
    // The next ones come while these are handled. Who handles may fail first: that is told below.
    if (next < end) coming = fetch(partition, next, place);
    coming.catch(() => undefined);
    const wanted = withoutAborted(fetched.records, fetched.aborted).filter((each) =>
      isWanted(each, { from: at, end }),
    );
    for (const some of cutItems(wanted, HANDLED_COUNT_MAX)) {
      await handle(some.map((each) => new SpanRecord(each, partition)));
    }
  }
}

/** Markers, and what stands for an emptied batch, are no records. A batch comes whole. */
function isWanted(message: ReadRecord, { from, end }: Pick<Span, "from" | "end">): boolean {
  const offset = Number(message.offset);
  return !message.isControlRecord && offset >= from && offset < end;
}

/** `at` is the offset asked for; where that is deleted by now, the oldest one that is left. */
async function fetch(
  partition: number,
  from: number,
  place: Place,
): Promise<Fetched & { at: number }> {
  let at = from;
  const { cluster, topic, isolation } = place;
  const wanted = (offset: number) => {
    return { topic, partition, from: offset, bytesMax: FETCH_BYTES_MAX, isolation };
  };
  return patiently(place.cluster, `read ${place.topic}`, async () => {
    try {
      return { at, ...(await fetchOnce(wanted(at), cluster)) };
    } catch (error) {
      if (!isOutOfRange(error)) throw error;
      at = (await offsetsAt(EARLIEST, [partition], place)).get(partition) ?? at;
      return { at, ...(await fetchOnce(wanted(at), cluster)) };
    }
  });
}

function isOutOfRange(error: unknown): boolean {
  return error instanceof Error && "type" in error && error.type === "OFFSET_OUT_OF_RANGE";
}
