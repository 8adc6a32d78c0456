// Goal: what several parts amount to does not depend on the order in which their words come, nor on
// how often they do. Method: words on the parts of one attempt, in two orders, with repeats.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { it } from "vitest";
import { hear } from "#libs/fallback/parts.ts";
import type { Attempt } from "#libs/fallback/state.ts";
import { type AttemptStatus, isFailure } from "#libs/fallback/words.ts";
import { always } from "#test/support/fallback-histories.ts";
import { stateAfter } from "#test/support/given.ts";
import { report, sent, step } from "#test/support/journal-entry.ts";

const ids = ["a", "b", "c"];
const anyStatus = fc.constantFrom<AttemptStatus>(
  "ACCEPTED",
  "SENT",
  "REJECTED",
  "FAILED",
  "UNDELIVERED",
  "EXPIRED",
  "DELIVERED",
  "READ",
);
const anyWord = fc.record({ id: fc.constantFrom("a", "b", "c", null), status: anyStatus });
type Word = typeof anyWord extends fc.Arbitrary<infer W> ? W : never;

const anyOrders = fc
  .array(anyWord, { maxLength: 12 })
  .chain((words) =>
    fc.tuple(
      fc.constant(words),
      fc.shuffledSubarray([...words, ...words], { minLength: 2 * words.length }),
    ),
  );

/** All parts are known first, as the link that joins their reports says them. */
function attemptAfter(words: readonly Word[]): Attempt {
  const all = report(0, "ACCEPTED", 1, { providerMessageId: "a", providerMessageIds: ids });
  const state = stateAfter(sent([step("sms", null, "READ")]), all);
  return words.reduce<Attempt>((attempt, { id, status }) => {
    return {
      ...attempt,
      ...hear(attempt, report(0, status, 2, { providerMessageId: id }), status),
    };
  }, state.attempts[0]!);
}

it("amount to the same in whatever order words come, and however often", () => {
  always(anyOrders, ([words, again]) => {
    assert.deepEqual(attemptAfter(again), attemptAfter(words));
  });
});

it("have arrived exactly if every one has, and have failed exactly if one did and not all arrived", () => {
  always(fc.array(anyWord, { maxLength: 12 }), (words) => {
    const { status } = attemptAfter(words);
    const said = ids.map((id) => words.filter((word) => word.id === id || word.id === null));
    const haveAllArrived = said.every((of) =>
      of.some((word) => word.status === "DELIVERED" || word.status === "READ"),
    );
    const hasOneFailed = words.some((word) => isFailure(word.status));
    assert.equal(status === "DELIVERED" || status === "READ", haveAllArrived);
    assert.equal(isFailure(status), hasOneFailed && !haveAllArrived);
  });
});
