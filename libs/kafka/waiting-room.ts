// Records that wait by themselves, such as those of a closed shard, while their partition goes on behind
// them. Of each thing that is waited for only the oldest record is kept, and tried again; once it can be
// handled the partition is read from there once more. The offsets that are committed stay at the oldest
// of all, so a restart loses nothing; what was handled in between comes again, and decides nothing.
import type { Waiting } from "./handle-chunk.ts";
import type { Message, Place } from "./reader.ts";

/** Records that a partition may be ahead of one that waits: they come again within seconds. */
const AHEAD_MAX = 50_000;
/**
 * A partition that was sent back to a record has it in hand within so many ms, unless a batch that was fetched
 * before got the last word: where its leader moves, kafkajs has two fetches of it at once. It is sent there again.
 */
const SENT_AGAIN_MS = 60_000;

/** `doneAt`, epoch ms: it was handled meanwhile, and its partition is about to be read again from it on. */
type Kept = { place: Place; message: Message; why: string; doneAt: number | null };

export type WaitingRoom = ReturnType<typeof waitingRoom>;

/** Of one member of a group; `assigned` is another object after each assignment, when all comes again. */
export function waitingRoom(assigned: () => object, now: () => number = Date.now) {
  let ofAssignment = assigned();
  const kept = new Map<string, Kept>();

  function current(): Map<string, Kept> {
    if (assigned() !== ofAssignment) kept.clear();
    ofAssignment = assigned();
    return kept;
  }

  function oldestAt(place: Place): Kept | undefined {
    const here = [...current().values()].filter((each) => isSame(each.place, place));
    return here.toSorted((a, b) => offsetOf(a) - offsetOf(b))[0];
  }

  return {
    /** A part of a partition is handled, from the first to the last offset, but for those that wait. */
    passed(
      place: Place,
      { first, last }: { first: number; last: number },
      waiting: Waiting[],
    ): void {
      for (const [name, each] of current()) {
        const isPassed = first <= offsetOf(each) && offsetOf(each) <= last;
        if (isPassed && isSame(each.place, place)) kept.delete(name);
      }
      for (const { message, fault } of waiting) {
        const name = `${place.topic}/${place.partition}/${fault.waitsFor}`;
        const why = fault.message;
        if (!kept.has(name)) kept.set(name, { place, message, why, doneAt: null });
      }
    },
    /** The offset up to which a partition may be committed, if one of its records waits, and why. */
    heldAt(place: Place): { offset: string; why: string } | undefined {
      const oldest = oldestAt(place);
      return oldest && { offset: oldest.message.offset, why: oldest.why };
    },
    /** Whether a partition is so far ahead that it has to wait, too. */
    isFull(place: Place, offset: number): boolean {
      const oldest = oldestAt(place);
      return oldest !== undefined && offset - offsetOf(oldest) > AHEAD_MAX;
    },
    /** Those that are to be tried again. */
    toTry: () =>
      [...current().values()].filter(
        ({ doneAt }) => doneAt === null || now() - doneAt > SENT_AGAIN_MS,
      ),
    /**
     * Returns from which offset its partition is to be read again: another one of it may be done whose
     * own reading has not begun, and the last place that a partition is sent to counts alone.
     */
    done(one: Kept): string {
      one.doneAt = now();
      const done = [...current().values()].filter((each) => {
        return each.doneAt !== null && isSame(each.place, one.place);
      });
      return String(Math.min(offsetOf(one), ...done.map(offsetOf)));
    },
  };
}

function offsetOf({ message }: Kept): number {
  return Number(message.offset);
}

function isSame(one: Place, other: Place): boolean {
  return one.topic === other.topic && one.partition === other.partition;
}
