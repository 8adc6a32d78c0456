// Several deal with one letter at once. Invariant: everybody who reads the marks sees the same one count.
import { expect, it } from "vitest";
import type { DeadLetterMark } from "#libs/contracts/generated/types.ts";
import { toLetter } from "#libs/dead-letters/letter.ts";
import { markBook } from "#libs/dead-letters/mark-book.ts";
import { rawLetter } from "#test/support/raw-letter.ts";

const DAY_MS = 24 * 3_600_000;
const letter = toLetter(rawLetter({}), "status-reports");

function mark(given: Partial<DeadLetterMark>): DeadLetterMark {
  return {
    markId: "1",
    letterId: letter.id,
    letterAt: letter.at,
    after: null,
    state: "REPLAYING",
    contentHash: letter.contentHash,
    markedAt: 0,
    markedBy: "*/admin",
    ...given,
  };
}

it("takes the first of two marks that come after the same one", () => {
  const book = markBook(() => 0);
  const [first, second] = [mark({ markId: "1" }), mark({ markId: "2", state: "DROPPED" })];
  book.take(first);
  book.take(second);
  expect([book.isLast(first), book.isLast(second)]).toEqual([true, false]);
  expect(book.standing(letter)).toMatchObject({ state: "REPLAYING", replayCount: 1 });
  book.take(mark({ markId: "3", after: "1", state: "REPLAYED" }));
  expect(book.standing(letter)).toMatchObject({ state: "REPLAYED", replayCount: 1 });
});

it("knows a content that comes back as another letter, with or without its header", () => {
  const book = markBook(() => 0);
  book.take(mark({}));
  const again = toLetter(rawLetter({ offset: 1 }), "status-reports");
  expect(book.standing(again)).toMatchObject({ state: "OPEN", replayCount: 1 });
  const carried = toLetter(rawLetter({ headers: { "ft-replay-count": "5" } }), "status-reports");
  expect(book.standing(carried).replayCount).toBe(5);
});

it("does not count a replay that was given back", () => {
  const book = markBook(() => 0);
  book.take(mark({}));
  book.take(mark({ markId: "2", after: "1", state: "OPEN" }));
  expect(book.standing(letter)).toMatchObject({ state: "OPEN", replayCount: 0 });
});

it("takes a letter of a topic that was made anew for another one", () => {
  const book = markBook(() => 0);
  book.take(mark({ letterAt: letter.at - DAY_MS }));
  expect(book.standing(letter).state).toBe("OPEN");
});

it("forgets after thirty days, when the letter is gone", () => {
  let now = 0;
  const book = markBook(() => now);
  book.take(mark({}));
  now = 31 * DAY_MS;
  book.take(mark({ letterId: "settings-dlt.0.1", markedAt: now, contentHash: "other" }));
  expect(book.standing(letter)).toMatchObject({ state: "OPEN", replayCount: 0 });
});
