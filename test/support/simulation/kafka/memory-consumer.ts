// kafkajs' consumer (2.2.4, src/consumer): one fetch for all partitions, its batches handled side by side,
// the next fetch, or the next join where the group moves on, once all are; a heartbeat after each.
import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type {
  Batch,
  ConsumerConfig,
  ConsumerRunConfig,
  EachBatchPayload,
  KafkaMessage,
} from "kafkajs";
import { KafkaError } from "./kafka-error.ts";
import type { LogRecord, MemoryBroker } from "./memory-broker.ts";
import type { Joined } from "./memory-group.ts";
import type { Network } from "./network.ts";

/** Twelve times what is asked for: idle consumers would be half of a schedule. Far below a session. */
const EMPTY_FETCH_MS = 3_000;
/** While the group is dealt out anew: what is asked for, so that a heartbeat hears of it soon. */
const REBALANCE_FETCH_MS = 250;
const FAULT_PAUSE_MS = 300;
const HEARTBEAT_MS = 1_000;

type Run = Pick<ConsumerRunConfig, "eachBatch" | "eachMessage">;
type Subscribing = { topic?: string; topics?: string[] };
type Place = { topic: string; partition: number };
type Commit = Place & { offset: string };
type Fetched = Place & { offset: number; records: readonly LogRecord[]; high: number };

export class MemoryConsumer {
  readonly events = {
    GROUP_JOIN: "consumer.group_join",
    STOP: "consumer.stop",
    CRASH: "consumer.crash",
    END_BATCH_PROCESS: "consumer.end_batch_process",
    FETCH: "consumer.fetch",
  } as const;
  readonly #options: ConsumerConfig & { fetchCountMax: number };
  readonly #broker: MemoryBroker;
  readonly #network: Network;
  readonly #emitter = new EventEmitter();
  readonly #paused = new Set<string>();
  #topics: string[] = [];
  #positions = new Map<string, number>();
  readonly #seeks = new Map<string, number>();
  #joined: Joined = { memberId: "", generation: -1, assignment: {} };
  #mustJoin = true;
  #isRunning = false;
  #beatAt = 0;
  #loop: Promise<void> = Promise.resolve();
  #wake: () => void = () => undefined;

  constructor(
    options: ConsumerConfig & { fetchCountMax: number },
    broker: MemoryBroker,
    network: Network,
  ) {
    this.#options = options;
    this.#broker = broker;
    this.#network = network;
  }

  on(event: string, listener: (event: { payload: unknown }) => void): () => void {
    this.#emitter.on(event, listener);
    return () => this.#emitter.off(event, listener);
  }

  connect(): Promise<void> {
    return this.#network("other", () => undefined);
  }

  async subscribe({ topic, topics = topic ? [topic] : [] }: Subscribing): Promise<void> {
    await this.#network("other", () => topics.forEach((name) => this.#broker.partitionCount(name)));
    this.#topics.push(...topics);
  }

  /** Resolves once it has joined its group. */
  async run(run: Run): Promise<void> {
    this.#isRunning = true;
    await this.#joinPatiently();
    this.#loop = this.#turn(run);
  }

  async stop(): Promise<void> {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    this.#wake();
    await this.#loop;
    const { memberId } = this.#joined;
    await this.#network("leave", () => this.#group.leave(memberId)).catch(() => undefined);
    this.#emit(this.events.STOP, null);
  }

  disconnect(): Promise<void> {
    return this.stop();
  }

  pause(places: { topic: string; partitions?: number[] }[]): void {
    for (const place of each(places, this.#joined.assignment)) this.#paused.add(place);
  }

  resume(places: { topic: string; partitions?: number[] }[]): void {
    for (const place of each(places, this.#joined.assignment)) this.#paused.delete(place);
    this.#wake();
  }

  /** Takes effect with the next fetch; the batch in hand is stale from now on. */
  seek({ topic, partition, offset }: Commit): void {
    this.#seeks.set(placeOf({ topic, partition }), Number(offset));
    this.#wake();
  }

  /** In the generation of now, whenever the offsets were read. */
  async commitOffsets(commits: readonly Commit[]): Promise<void> {
    const { memberId, generation } = this.#joined;
    const offsets = commits.map((one) => [placeOf(one), Number(one.offset)] as const);
    await this.#network("commit", () =>
      this.#group.commit(
        memberId,
        generation,
        offsets.map(([place, offset]) => [place, offset]),
      ),
    );
  }

  get #group() {
    return this.#broker.group(this.#options.groupId);
  }

  #emit(event: string, payload: unknown): void {
    this.#emitter.emit(event, { payload });
  }

  async #turn(run: Run): Promise<void> {
    while (this.#isRunning) {
      try {
        if (this.#mustJoin) await this.#joinPatiently();
        const fetched = await this.#fetch();
        if (fetched.length === 0) await this.#heartbeat();
        const handling = fetched.map((one) => this.#handle(one, run));
        const ends = await Promise.allSettled(handling);
        const fault = ends.find((end) => end.status === "rejected");
        if (fault) throw fault.reason;
      } catch (error) {
        if (!this.#movesOn(error)) await sleep(FAULT_PAUSE_MS);
      }
    }
  }

  #movesOn(error: unknown): boolean {
    const type = error instanceof KafkaError ? error.type : undefined;
    if (type === "UNKNOWN_MEMBER_ID") this.#joined = { ...this.#joined, memberId: "" };
    const moves = ["UNKNOWN_MEMBER_ID", "ILLEGAL_GENERATION", "REBALANCE_IN_PROGRESS"];
    if (type === undefined || !moves.includes(type)) return false;
    this.#mustJoin = true;
    return true;
  }

  async #joinPatiently(): Promise<void> {
    while (this.#isRunning) {
      try {
        return await this.#join();
      } catch (error) {
        if (!this.#movesOn(error)) await sleep(FAULT_PAUSE_MS);
      }
    }
  }

  async #join(): Promise<void> {
    const { sessionTimeout: sessionMs = 30_000, rebalanceTimeout: rebalanceMs = 60_000 } =
      this.#options;
    const joining = {
      memberId: this.#joined.memberId,
      topics: this.#topics,
      sessionMs,
      rebalanceMs,
    };
    const joined = await this.#network("join", () => this.#group.join(joining));
    const places = placesOf(joined.assignment);
    const offsets = await this.#network("other", () =>
      places.map((place) => this.#group.offsets.get(placeOf(place)) ?? this.#lowest(place)),
    );
    this.#positions = new Map(places.map((place, index) => [placeOf(place), offsets[index] ?? 0]));
    this.#joined = joined;
    this.#mustJoin = false;
    this.#beatAt = Date.now();
    const { memberId, assignment: memberAssignment } = joined;
    this.#emit(this.events.GROUP_JOIN, {
      groupId: this.#options.groupId,
      memberId,
      memberAssignment,
    });
    // As kafkajs does once `libs/kafka/kafkajs/assignment-patch.ts` has repaired it.
    this.#seeks.clear();
  }

  #lowest({ topic, partition }: Place): number {
    return this.#broker.offsets(topic, partition).low;
  }

  /** Returns at once where there is anything, else after the longest wait. */
  async #fetch(): Promise<Fetched[]> {
    for (const [place, offset] of this.#seeks) {
      if (this.#positions.has(place)) this.#positions.set(place, offset);
    }
    this.#seeks.clear();
    const places = placesOf(this.#joined.assignment).filter(
      (place) => !this.#paused.has(placeOf(place)),
    );
    const find = () => places.flatMap((place) => this.#fetchPlace(place));
    return this.#network("fetch", async () => {
      const found = find();
      if (found.length > 0) return found;
      await this.#arrival();
      return find();
    });
  }

  #fetchPlace(place: Place): Fetched[] {
    const { topic, partition } = place;
    const offset = this.#positions.get(placeOf(place)) ?? 0;
    try {
      const { records, high } = this.#broker.fetch(
        topic,
        partition,
        offset,
        this.#options.fetchCountMax,
      );
      return records.length === 0 ? [] : [{ topic, partition, offset, records, high }];
    } catch (error) {
      if (!(error instanceof KafkaError && error.type === "OFFSET_OUT_OF_RANGE")) throw error;
      this.#positions.set(placeOf(place), this.#lowest(place));
      return [];
    }
  }

  /** As a fetch waits at the broker. */
  #arrival(): Promise<void> {
    const { clock } = this.#broker;
    const { rebalanced, isJoining } = this.#group;
    return new Promise((resolve) => {
      const soon = () => void clock.after(REBALANCE_FETCH_MS, end);
      const forget = this.#broker.onAppend(this.#topics, () => void clock.after(1, end));
      const forgetEnd = clock.after(isJoining ? REBALANCE_FETCH_MS : EMPTY_FETCH_MS, end);
      rebalanced.add(soon);
      this.#wake = end;
      function end(): void {
        forget();
        forgetEnd();
        rebalanced.delete(soon);
        resolve();
      }
    });
  }

  async #handle(fetched: Fetched, { eachBatch, eachMessage }: Run): Promise<void> {
    if (!this.#isRunning || this.#paused.has(placeOf(fetched))) return;
    const { topic, partition, records } = fetched;
    const payload = this.#payload(fetched);
    await eachBatch?.(payload);
    for (const message of eachMessage ? payload.batch.messages : []) {
      await eachMessage?.({ ...payload, topic, partition, message });
      payload.resolveOffset(message.offset);
    }
    const [batchSize, lastOffset] = [records.length, String(records.at(-1)?.offset)];
    this.#emit(this.events.END_BATCH_PROCESS, { topic, partition, batchSize, lastOffset });
    await this.#heartbeat();
  }

  #payload(fetched: Fetched): EachBatchPayload {
    const { topic, partition } = fetched;
    const place = placeOf(fetched);
    const payload = {
      batch: toBatch(fetched),
      heartbeat: () => this.#heartbeat(),
      isRunning: () => this.#isRunning,
      isStale: () => this.#seeks.has(place),
      pause: () => {
        this.#paused.add(place);
        return () => this.resume([{ topic, partitions: [partition] }]);
      },
      resolveOffset: (offset: string) => this.#positions.set(place, Number(offset) + 1),
      commitOffsetsIfNecessary: ({ topics }: Offsets) =>
        this.commitOffsets(
          topics.flatMap(({ topic: of, partitions }) =>
            partitions.map((one) => ({ topic: of, ...one })),
          ),
        ),
    };
    return payload as unknown as EachBatchPayload;
  }

  async #heartbeat(): Promise<void> {
    const { memberId, generation } = this.#joined;
    if (Date.now() < this.#beatAt + (this.#options.heartbeatInterval ?? HEARTBEAT_MS)) return;
    await this.#network("heartbeat", () => this.#group.heartbeat(memberId, generation));
    // One that was refused is sent again by whoever beats next.
    this.#beatAt = Date.now();
  }
}

type Offsets = { topics: { topic: string; partitions: { partition: number; offset: string }[] }[] };

function placeOf({ topic, partition }: Place): string {
  return `${topic}/${partition}`;
}

function placesOf(assignment: Joined["assignment"]): Place[] {
  return Object.entries(assignment).flatMap(([topic, partitions]) =>
    partitions.map((partition) => ({ topic, partition })),
  );
}

function each(
  places: { topic: string; partitions?: number[] }[],
  assigned: Joined["assignment"],
): string[] {
  return places.flatMap(({ topic, partitions }) =>
    (partitions ?? assigned[topic] ?? []).map((partition) => placeOf({ topic, partition })),
  );
}

/** What kafkajs has beside its types. */
type Asked = { fetchedOffset: string };

function toBatch({ topic, partition, offset, records, high }: Fetched): Batch & Asked {
  const messages = records.map(toMessage);
  const [first, last] = [messages[0], messages.at(-1)];
  return {
    topic,
    partition,
    highWatermark: String(high),
    fetchedOffset: String(offset),
    messages,
    isEmpty: () => messages.length === 0,
    firstOffset: () => first?.offset ?? null,
    lastOffset: () => last?.offset ?? String(high - 1),
    offsetLag: () => "0",
    offsetLagLow: () => "0",
  };
}

/** As kafkajs hands it over. */
export function toMessage({ key, value, offset, timestamp, headers }: LogRecord): KafkaMessage {
  const told = { key, value, headers: { ...headers }, offset: String(offset) };
  return { ...told, timestamp: String(timestamp), attributes: 0 } as unknown as KafkaMessage;
}
