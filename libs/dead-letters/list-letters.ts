// A page of dead letters of several topics, newest first, in bounded work: a topic may hold a million, and
// the filter may want one of them.
import { deadLetterTopic } from "#libs/contracts/topics.ts";
import type { TopicReader } from "#libs/kafka/topic-reader.ts";
import { type LetterHead, toLetterHead } from "./letter.ts";

/** Letters that one page looks at in a topic. */
const SCAN_COUNT_MAX = 2_000;
/** Bytes after which a topic's scan looks at no more windows: letters have 2 MiB at most. */
const SCAN_BYTES_MAX = 16 * 1024 * 1024;
/** A window is read forwards and told backwards. Small while it is not known how large letters are. */
const WINDOW_COUNT_MIN = 20;
const WINDOW_COUNT_MAX = 250;
const WINDOW_BYTES = 1024 * 1024;
/** Some dozens of letters: what a fetch brings beyond its window is thrown away. */
const FETCH_BYTES = 32 * 1024;

export type Listing = {
  topics: readonly string[];
  /** Epoch ms, both included. */
  fromMs: number;
  toMs: number;
  countMax: number;
  matches: (letter: LetterHead) => boolean;
  /** By topic: the page begins below this offset. A topic that is not there begins at its end. */
  before: ReadonlyMap<string, number>;
};

export type LetterPage = {
  letters: LetterHead[];
  /** Where the next page begins; null: there is none. */
  next: ReadonlyMap<string, number> | null;
};

type Scan = {
  topic: string;
  letters: LetterHead[];
  /** The offset that it reached; what lies below was not looked at. */
  reached: number;
  /** When that was, epoch ms; -Infinity where nothing is left below, Infinity while nothing was read. */
  reachedAt: number;
};

/** Throws RetriableError while Kafka is away. A page may be short, or empty, and have a next one. */
export async function listLetters(listing: Listing, reader: TopicReader): Promise<LetterPage> {
  const scans = await Promise.all(listing.topics.map((topic) => scan(topic, listing, reader)));
  // What is newer than everything that was not looked at is in its place; the rest comes again.
  const horizon = Math.max(...scans.map(({ reachedAt }) => reachedAt));
  const letters = scans
    .flatMap((each) => each.letters)
    .filter(({ at }) => at >= horizon)
    .toSorted((a, b) => b.at - a.at || b.offset - a.offset)
    .slice(0, listing.countMax);
  const told = new Set(letters);
  const next = new Map(scans.map((each) => [each.topic, nextOf(each, told)]));
  const isDone = scans.every((each) => each.reachedAt === -Infinity && isTold(each, told));
  return { letters, next: isDone ? null : next };
}

function isTold({ letters }: Scan, told: ReadonlySet<LetterHead>): boolean {
  return letters.every((letter) => told.has(letter));
}

/** The newest letter that is still to be told is the next page's first one of its topic. */
function nextOf({ letters, reached }: Scan, told: ReadonlySet<LetterHead>): number {
  const left = letters.find((letter) => !told.has(letter));
  return left ? left.offset + 1 : reached;
}

async function scan(topic: string, listing: Listing, reader: TopicReader): Promise<Scan> {
  const { low, high } = await boundsOf(topic, listing, reader);
  const scanned: Scan = { topic, letters: [], reached: high, reachedAt: Infinity };
  let left = SCAN_COUNT_MAX;
  let bytesLeft = SCAN_BYTES_MAX;
  let size = WINDOW_COUNT_MIN;
  while (scanned.reached > low) {
    if (left <= 0 || bytesLeft <= 0 || scanned.letters.length >= listing.countMax) return scanned;
    const from = Math.max(low, scanned.reached - Math.min(size, left));
    const window = await readWindow(topic, { low, from, to: scanned.reached }, reader);
    for (const letter of window.toReversed()) {
      if (listing.matches(letter)) scanned.letters.push(letter);
    }
    const byteCount = window.reduce((sum, letter) => sum + (letter.byteCount ?? 0), 0);
    const reached = window[0]?.offset ?? from;
    left -= scanned.reached - reached;
    bytesLeft -= byteCount;
    size = byteCount > WINDOW_BYTES ? WINDOW_COUNT_MIN : Math.min(WINDOW_COUNT_MAX, 2 * size);
    scanned.reached = reached;
    scanned.reachedAt = window[0]?.at ?? scanned.reachedAt;
  }
  return { ...scanned, reachedAt: -Infinity };
}

async function boundsOf(topic: string, { fromMs, toMs, before }: Listing, reader: TopicReader) {
  const name = deadLetterTopic(topic);
  const ends = await reader.ends(name);
  const low = fromMs > 0 ? await reader.offsetAt(name, fromMs) : ends.low;
  const isBounded = toMs < Number.MAX_SAFE_INTEGER;
  const high = isBounded ? await reader.offsetAt(name, toMs + 1) : ends.high;
  return {
    low: Math.max(low, ends.low),
    high: Math.min(high, ends.high, before.get(topic) ?? Infinity),
  };
}

type Window = { low: number; from: number; to: number };

/** What lies from `from` to `to`, and above `low` what came in the same batch: it need not come again. */
async function readWindow(topic: string, { low, from, to }: Window, reader: TopicReader) {
  const letters: LetterHead[] = [];
  let taken = low;
  for (let next = from; next < to; next = taken) {
    const read = await reader.read(deadLetterTopic(topic), next, FETCH_BYTES);
    for (const record of read.records) {
      const isNew = Number(record.offset) >= taken && Number(record.offset) < to;
      if (isNew && !record.isControlRecord) letters.push(toLetterHead(record, topic));
    }
    taken = read.next;
  }
  return letters;
}
