// Why a consumer is not ready, although it lives: told to whoever looks at `/readyz`.
import { deadLettersTold, latelyTold } from "./lately-told.ts";
import type { Place } from "./reader.ts";

/** Longer than a restart of a broker or of Redis, and than the handling of a chunk. */
const STANDSTILL_MS = 15_000;
/** Records that were deleted unread are told for longer: nobody else remembers them. */
const LOSS_TOLD_MS = 600_000;

export type ConsumerHealth = {
  /** Records of a partition wait; `reason` where that is known. */
  waits(place: string, reason?: string): void;
  /** Records of a partition were handled. */
  moves(place: string): void;
  /** The partitions with waiting records, as the broker knows them: all others have none. */
  waitingAt(places: ReadonlySet<string>): void;
  /** The broker cannot say what waits. */
  isBlind(reason: string): void;
  buried(place: string, letter: { count: number; reason: string }): void;
  /** Records of a partition were deleted before they were read; it went on. */
  lost(place: string): void;
  /** The same, and the partition stands still: told as long as it is this member's. */
  stopped(place: Place, groupId: string): void;
  isStopped(place: string): boolean;
  /** One sentence for each reason; empty while the consumer does its work. */
  reasons(): string[];
};

type Waiting = { since: number; reason?: string };

type Member = {
  /** Whether it has the partition now. */
  isMine?: (place: Place) => boolean;
  /** Epoch ms. */
  now?: () => number;
};

/** The health of one member of a group. */
export function consumerHealth({
  isMine = () => true,
  now = Date.now,
}: Member = {}): ConsumerHealth {
  const waiting = new Map<string, Waiting>();
  const dead = deadLettersTold(now);
  const losses = latelyTold(LOSS_TOLD_MS, now);
  const stops = new Map<string, { place: Place; sentence: string }>();
  let blind: Waiting | undefined;

  function waits(place: string, reason?: string): void {
    const { since, reason: known } = waiting.get(place) ?? { since: now() };
    const words = reason ?? known;
    waiting.set(place, words === undefined ? { since } : { since, reason: words });
  }

  function standstills(): string[] {
    return [...waiting].flatMap(([place, { since, reason = "nobody knows why" }]) => {
      const seconds = Math.round((now() - since) / 1_000);
      if (seconds * 1_000 < STANDSTILL_MS) return [];
      return [`${place} stands still with waiting records for ${seconds} s: ${reason}`];
    });
  }

  function blindness(): string[] {
    if (!blind || now() - blind.since < STANDSTILL_MS) return [];
    return [`Kafka does not say what waits: ${blind.reason}`];
  }

  return {
    waits,
    moves: (place) => void waiting.delete(place),
    waitingAt(places) {
      blind = undefined;
      for (const place of waiting.keys()) if (!places.has(place)) waiting.delete(place);
      for (const place of places) waits(place);
    },
    isBlind(reason) {
      blind = { since: blind?.since ?? now(), reason };
    },
    buried: dead.buried,
    lost(place) {
      const sentence = `records of ${place} were deleted before they were read; it went on at the oldest`;
      losses.note(place, sentence);
    },
    stopped(place, groupId) {
      const name = `${place.topic}/${place.partition}`;
      const sentence = `records of ${name} were deleted before they were read, and it stands still: stop the members of ${groupId}, say where it goes on (kafka-consumer-groups --reset-offsets), and start them`;
      stops.set(name, { place, sentence });
    },
    isStopped: (name) => stops.has(name),
    reasons() {
      const lately = [...dead.reasons(), ...losses.sentences()];
      const stopped = [...stops.values()].filter(({ place }) => isMine(place));
      const told = stopped.map(({ sentence }) => sentence);
      return [...told, ...blindness(), ...standstills(), ...lately];
    },
  };
}
