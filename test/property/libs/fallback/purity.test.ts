// Goal: the decider is a pure function that takes anything. Method: besides lives as they may happen,
// inputs of every kind in any order, with clocks that go back and reports about nothing.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { it } from "vitest";
import { decide } from "#libs/fallback/decide.ts";
import { evolve } from "#libs/fallback/evolve.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { initialState } from "#libs/fallback/state.ts";
import { always, anyInputs, anyLife, live, rules } from "#test/support/fallback-histories.ts";

const anything = fc.oneof(anyLife, anyInputs);

it("never throws", () => {
  always(anything, live);
});

it("gives every event the instant of its input", () => {
  always(anything, (inputs) => {
    for (const { input, events } of live(inputs)) {
      for (const event of events) assert.equal(event.at, input.at);
    }
  });
});

it("changes neither its input nor its state, and neither does evolve", () => {
  always(anything, (inputs) => {
    assert.deepEqual(
      inputs.reduce(tellFrozen, initialState),
      live(inputs).at(-1)?.after ?? initialState,
    );
  });
});

function tellFrozen(state: typeof initialState, input: FallbackInput) {
  const events = freeze(decide(freeze(input), freeze(state), rules));
  return events.reduce((next, event) => freeze(evolve(next, event)), state);
}

/** Writing to what is frozen throws. */
function freeze<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value);
}

it("decides the same for the same inputs", () => {
  always(anything, (inputs) => assert.deepEqual(live(inputs), live(inputs)));
});
