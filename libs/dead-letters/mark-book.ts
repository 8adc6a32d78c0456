// What was done with which letter, as the topic of marks says it. Its order decides: of two marks that
// come after the same one the first counts, in every process alike, so nobody needs a lock.
import type { DeadLetterMark } from "#libs/contracts/generated/types.ts";
import type { LetterHead } from "./letter.ts";
import type { Standing } from "./replays.ts";

/** A letter is gone by then: dead-letter topics are kept for two weeks, and a segment's week. */
const KEPT_MS = 30 * 24 * 3_600_000;

type Page = Pick<DeadLetterMark, "markId" | "state" | "markedAt" | "markedBy" | "contentHash"> & {
  replayCount: number;
};

export type MarkBook = {
  /** In the topic's order. */
  take(mark: DeadLetterMark): void;
  standing(letter: LetterHead): Standing;
  /** The mark that the next one of the letter comes after. */
  lastMarkId(letter: LetterHead): string | null;
  /** Whether a mark counted and is the letter's last. */
  isLast(mark: DeadLetterMark): boolean;
  clear(): void;
};

/** `now` is epoch ms. */
export function markBook(now: () => number = Date.now): MarkBook {
  /** The least recently marked first. */
  const pages = new Map<string, Page>();
  const replays = new Map<string, number>();

  function count(contentHash: string, more: number): void {
    const sum = (replays.get(contentHash) ?? 0) + more;
    if (sum > 0) replays.set(contentHash, sum);
    else replays.delete(contentHash);
  }

  function forgetOld(): void {
    for (const [place, { markedAt, contentHash, replayCount }] of pages) {
      if (markedAt >= now() - KEPT_MS) return;
      pages.delete(place);
      count(contentHash, -replayCount);
    }
  }

  return {
    take({ letterId, letterAt, after, contentHash, ...mark }) {
      const place = placeOf(letterId, letterAt);
      const page = pages.get(place);
      if ((page?.markId ?? null) !== after) return;
      const more = replaysOf(mark.state);
      pages.delete(place);
      pages.set(place, { ...mark, contentHash, replayCount: (page?.replayCount ?? 0) + more });
      count(contentHash, more);
      forgetOld();
    },
    standing({ id, at, replayCount: carried, contentHash }) {
      const { state = "OPEN", markedAt = null, markedBy = null } = pages.get(placeOf(id, at)) ?? {};
      // Not every way of a record keeps its headers: what is known by its content counts as well.
      const replayCount = Math.max(carried, replays.get(contentHash) ?? 0);
      return { state, markedAt, markedBy, replayCount };
    },
    lastMarkId: ({ id, at }) => pages.get(placeOf(id, at))?.markId ?? null,
    isLast: ({ letterId, letterAt, markId }) =>
      pages.get(placeOf(letterId, letterAt))?.markId === markId,
    clear() {
      pages.clear();
      replays.clear();
    },
  };
}

/** A replay that was begun and given back is none. */
function replaysOf(state: DeadLetterMark["state"]): number {
  if (state === "REPLAYING") return 1;
  return state === "OPEN" ? -1 : 0;
}

function placeOf(letterId: string, letterAt: number): string {
  return `${letterId}@${letterAt}`;
}
