// Kafka in memory, as far as the product uses it: partitions that only grow, groups with generations,
// compaction and retention. The same suite tries it and a real broker
// (`test/support/simulation/broker-contract.ts`).
import { refusal } from "./kafka-error.ts";
import { type Clock, MemoryGroup } from "./memory-group.ts";

export type LogRecord = {
  offset: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: Readonly<Record<string, unknown>>;
  /** When the broker took it, epoch ms. */
  timestamp: number;
};
export type NewRecord = Omit<LogRecord, "offset" | "timestamp">;

type Partition = { records: LogRecord[]; low: number; high: number };

export class MemoryBroker {
  readonly clock: Clock;
  readonly #topics = new Map<string, Partition[]>();
  readonly #groups = new Map<string, MemoryGroup>();
  readonly #waiting = new Map<() => void, readonly string[]>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  create(topic: string, partitionCount: number): void {
    if (this.#topics.has(topic)) return;
    const partitions = Array.from({ length: partitionCount }, () => ({
      records: [],
      low: 0,
      high: 0,
    }));
    this.#topics.set(topic, partitions);
  }

  partitionCount(topic: string): number {
    return this.#partitionsOf(topic).length;
  }

  append(topic: string, partition: number, records: readonly NewRecord[]): void {
    const log = this.#partition(topic, partition);
    for (const record of records) {
      log.records.push({ ...record, offset: log.high++, timestamp: Math.floor(this.clock.now()) });
    }
    for (const [wake, topics] of this.#waiting) if (topics.includes(topic)) wake();
  }

  /** Throws OFFSET_OUT_OF_RANGE for what is deleted, or was never there. */
  fetch(topic: string, partition: number, offset: number, countMax: number) {
    const { records, low, high } = this.#partition(topic, partition);
    if (offset < low || offset > high) throw refusal("OFFSET_OUT_OF_RANGE");
    const start = lowerBound(records, offset);
    return { records: records.slice(start, start + countMax), high };
  }

  /** Calls whenever anything is appended to the topics; what it returns ends that. */
  onAppend(topics: readonly string[], wake: () => void): () => void {
    this.#waiting.set(wake, topics);
    return () => this.#waiting.delete(wake);
  }

  /** The oldest and the next offset. */
  offsets(topic: string, partition: number): { low: number; high: number } {
    const { low, high } = this.#partition(topic, partition);
    return { low, high };
  }

  /** The first offset at or after an instant; the next one where there is none. */
  offsetAt(topic: string, partition: number, atMs: number): number {
    const { records, high } = this.#partition(topic, partition);
    return records.find(({ timestamp }) => timestamp >= atMs)?.offset ?? high;
  }

  /**
   * Keeps of each key the last record, and their offsets. A record without a value goes too. What was taken within the
   * last `lagMs` is left alone, and takes nothing away (`min.compaction.lag.ms`).
   */
  compact(topic: string, lagMs: number): void {
    const before = this.clock.now() - lagMs;
    for (const log of this.#partitionsOf(topic)) {
      const old = log.records.filter(({ timestamp }) => timestamp <= before);
      const last = new Map(old.map((record) => [String(record.key), record]));
      const kept = old.filter((record) => last.get(String(record.key)) === record);
      log.records = [...kept, ...log.records.slice(old.length)];
    }
  }

  /** As retention does it. */
  deleteBefore(topic: string, partition: number, offset: number): void {
    const log = this.#partition(topic, partition);
    log.records = log.records.filter((record) => record.offset >= offset);
    log.low = Math.max(log.low, Math.min(offset, log.high));
  }

  group(groupId: string): MemoryGroup {
    const found = this.#groups.get(groupId);
    if (found) return found;
    const made = new MemoryGroup(this.clock, (topic) => this.partitionCount(topic));
    this.#groups.set(groupId, made);
    return made;
  }

  /** Everything that lies on a topic, partition by partition. */
  read(topic: string): (LogRecord & { partition: number })[] {
    return this.#partitionsOf(topic).flatMap(({ records }, partition) =>
      records.map((record) => ({ ...record, partition })),
    );
  }

  #partitionsOf(topic: string): Partition[] {
    const found = this.#topics.get(topic);
    if (!found) throw refusal("UNKNOWN_TOPIC_OR_PARTITION");
    return found;
  }

  #partition(topic: string, partition: number): Partition {
    const found = this.#partitionsOf(topic)[partition];
    if (!found) throw refusal("UNKNOWN_TOPIC_OR_PARTITION");
    return found;
  }
}

function lowerBound(records: readonly LogRecord[], offset: number): number {
  let [from, to] = [0, records.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (records[middle]!.offset < offset) from = middle + 1;
    else to = middle;
  }
  return from;
}
