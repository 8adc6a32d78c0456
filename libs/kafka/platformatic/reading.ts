// What a member reads within one generation of its group: partitions side by side, of each one batch at a time. A broker is
// asked for all of its partitions at once that nothing keeps; one whose batch takes long keeps no other.
import { setTimeout as sleep } from "node:timers/promises";
import type { Base, Broker } from "@platformatic/kafka";
import type { Bell } from "#libs/bell.ts";
import { RetriableError } from "#libs/errors.ts";
import { FETCH_WAIT_MS } from "../group-pace.ts";
import type { Place } from "../reader.ts";
import { type Fetched, fetchFrom } from "./fetch.ts";
import { leaderOf } from "./offsets.ts";
import { isToBeAsked, type Part } from "./part.ts";

/** What is in hand mostly ends within this: then all partitions share the next fetch. */
const SHORT_MS = 20;
/** While something is in hand, so that it soon shares a fetch with the others again. */
const SHORT_WAIT_MS = 50;
const FAULT_PAUSE_MS = 300;
const IDLE_MS = 1_000;

export type Reading = {
  parts: readonly Part[];
  topics: readonly string[];
  /** What a fetch waits for. */
  bytesMin: number;
  client: Base;
  /** Has connections of its own: a fetch that waits keeps others waiting. */
  fetching: Base;
  /** Rings whenever there may be something to do. */
  bell: Bell;
  isOver: () => boolean;
  /** Takes what was fetched for a partition, and resolves once that is handled. Throws nothing. */
  take: (part: Part, fetched: Fetched) => Promise<void>;
  /** A fault that passes. */
  onFault: (error: unknown) => void;
};

/** Reads until it is over, or a topic has got more partitions, and nothing is in hand any more. */
export async function read(reading: Reading): Promise<void> {
  const { bell, isOver, client, topics } = reading;
  const state: State = {
    asking: new Set(),
    inHand: new Set(),
    takenAtMs: 0,
    turn: 0,
    isEnded: false,
  };
  const countAtStart = await partitionCount(client, topics);
  while (!isOver()) {
    try {
      if ((await partitionCount(client, topics)) !== countAtStart) break;
      await askForMore(reading, state);
    } catch (error) {
      await waitOut(error, reading);
    }
    await bell.rung(state.inHand.size > 0 ? SHORT_MS : IDLE_MS);
  }
  state.isEnded = true;
  await Promise.all(state.inHand);
}

type State = {
  /** Brokers that are being asked. */
  asking: Set<string>;
  inHand: Set<Promise<void>>;
  takenAtMs: number;
  turn: number;
  /** What is answered from now on is left to the next generation. */
  isEnded: boolean;
};

/** Partitions are added while members read. */
async function partitionCount(client: Base, topics: readonly string[]): Promise<number> {
  const known = await client.metadata({ topics: [...topics] });
  const counts = topics.map((topic) => known.topics.get(topic)?.partitionsCount ?? 0);
  return counts.reduce((sum, count) => sum + count, 0);
}

async function askForMore(reading: Reading, state: State): Promise<void> {
  const isShortly = performance.now() - state.takenAtMs < SHORT_MS;
  if (state.inHand.size > 0 && isShortly) return;
  const known = await reading.client.metadata({ topics: [...reading.topics] });
  const free = inTurn(reading.parts.filter(isToBeAsked), state.turn++);
  for (const [broker, parts] of Map.groupBy(free, (part) => leaderOf(part, known))) {
    if (!state.asking.has(nameOf(broker))) void askOne(broker, parts, { reading, state });
  }
}

/** Whoever is asked for first has its batch whole, however large that is. */
function inTurn(parts: readonly Part[], turn: number): Part[] {
  const first = parts.length === 0 ? 0 : turn % parts.length;
  return [...parts.slice(first), ...parts.slice(0, first)];
}

/** Partitions without a leader are nobody's, and keep no other. */
function nameOf(broker: Broker | undefined): string {
  return broker ? `${broker.host}:${broker.port}` : "nobody";
}

type Running = { reading: Reading; state: State };

/** Rejects never: what fails is asked for again. */
async function askOne(
  broker: Broker | undefined,
  parts: readonly Part[],
  running: Running,
): Promise<void> {
  const { reading, state } = running;
  const { bytesMin } = reading;
  state.asking.add(nameOf(broker));
  for (const part of parts) part.isAsked = true;
  try {
    if (!broker) throw new RetriableError(`${parts[0]?.topic} has no leader for a partition.`);
    const ms = state.inHand.size > 0 ? SHORT_WAIT_MS : FETCH_WAIT_MS;
    const wanted = parts.map((part) => ({ part, from: part.next, seekCount: part.seekCount }));
    const asked = wanted.map(({ part, from }) => ({ ...placeOf(part), from }));
    const answer = await fetchFrom({ client: reading.fetching, broker }, asked, { ms, bytesMin });
    for (const { part, seekCount } of wanted) {
      const fetched = answer.find((each) => isSame(each, part));
      if (fetched && part.seekCount === seekCount) takeOne(part, fetched, running);
    }
  } catch (error) {
    await waitOut(error, reading);
  }
  for (const part of parts) part.isAsked = false;
  state.asking.delete(nameOf(broker));
  reading.bell.ring();
}

function takeOne(part: Part, fetched: Fetched, { reading, state }: Running): void {
  const { isOver, take, bell } = reading;
  if (state.isEnded || isOver() || (fetched.errorCode === 0 && fetched.bytes.length === 0)) return;
  part.isInHand = true;
  state.takenAtMs = performance.now();
  const work = take(part, fetched).then(() => {
    part.isInHand = false;
    state.inHand.delete(work);
    bell.ring();
  });
  state.inHand.add(work);
}

/** Whoever leads a partition now is asked for, as most faults are of who did. */
async function waitOut(
  error: unknown,
  { client, topics, isOver, onFault }: Reading,
): Promise<void> {
  if (isOver()) return;
  onFault(error);
  await sleep(FAULT_PAUSE_MS);
  await client.metadata({ topics: [...topics], forceUpdate: true }).catch(() => undefined);
}

function placeOf({ topic, partition }: Part): Place {
  return { topic, partition };
}

function isSame(one: Place, other: Place): boolean {
  return one.topic === other.topic && one.partition === other.partition;
}
