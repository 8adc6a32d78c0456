// Goal: a rehearsal is what the decider makes of its reports and ticks, and it always ends. Method:
// random flows and behaviours; what was told is told again, with early ticks and repeated reports
// between, to a decider of its own.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { it } from "vitest";
import { decide } from "#libs/fallback/decide.ts";
import type { FallbackEvent } from "#libs/fallback/events.ts";
import { evolve } from "#libs/fallback/evolve.ts";
import type { FallbackInput, SendRequestInput } from "#libs/fallback/inputs.ts";
import { initialState, type MessageState, type Step } from "#libs/fallback/state.ts";
import { behaviours } from "#libs/providers/simulated/behaviour.ts";
import { type Rehearsed, rehearse } from "#libs/rehearsal/rehearse.ts";
import { always } from "#test/support/fallback-histories.ts";
import { START } from "#test/support/journal-entry.ts";
import { messageOf } from "#test/support/rehearsed.ts";

const anyStep: fc.Arbitrary<Step> = fc.record({
  channel: fc.constantFrom("whatsapp", "viber", "rcs", "sms"),
  sender: fc.constant(null),
  waitMs: fc.constantFrom(1_000, 2_000, 3_000, 60_000, 259_200_000, null),
  wanted: fc.constantFrom("ACCEPTED", "SENT", "DELIVERED", "READ"),
  onFailure: fc.constantFrom("NEXT", "NEXT", "NEXT", "STOP"),
  ttlSeconds: fc.constant(null),
});
const anyMore: fc.Arbitrary<Partial<SendRequestInput>> = fc.record({
  scheduledAt: fc.constantFrom(null, null, START, START + 5_000),
  expiresAt: fc.constantFrom(null, null, START + 1, START + 4_000, START + 61_000),
  lateReports: fc.constantFrom("AMEND", "IGNORE"),
});
const anyRehearsal: fc.Arbitrary<Rehearsed> = fc
  .tuple(
    fc.array(anyStep, { minLength: 1, maxLength: 10, size: "max" }),
    fc.array(fc.constantFrom(...behaviours), { minLength: 10, maxLength: 10 }),
    anyMore,
  )
  .map(([steps, assumed, more]) => rehearse(messageOf(steps, more), assumed));

it("ends, with attempts of as many steps as there are at most", () => {
  always(anyRehearsal, ({ state, events }) => {
    assert.equal(state.phase, "ENDED");
    assert.equal(events.filter(({ type }) => type === "MESSAGE_ENDED").length, 1);
    assert.ok(state.attempts.length <= state.steps.length);
  });
});

it("never goes back in time", () => {
  always(anyRehearsal, ({ inputs }) => {
    for (const [index, { at }] of inputs.entries()) assert.ok(at >= (inputs[index - 1]?.at ?? 0));
  });
});

it("decides nothing else where ticks come early too and reports come twice", () => {
  always(fc.tuple(anyRehearsal, fc.infiniteStream(fc.nat())), ([played, noise]) => {
    const { events, state } = decideAll(
      played.inputs.flatMap((input, index) => [
        ...earlyTick(played.inputs[index - 1], input, noise.next().value),
        input,
        ...(input.type === "StatusReport" ? [input] : []),
      ]),
    );
    assert.deepEqual(events, played.events);
    assert.deepEqual(state, played.state);
  });
});

it("has ticks only when they are due", () => {
  always(anyRehearsal, ({ inputs }) => {
    for (const [index, input] of inputs.entries()) {
      if (input.type !== "TimerTick") continue;
      const { state } = decideAll(inputs.slice(0, index));
      assert.notEqual(decide(input, state).length, 0);
    }
  });
});

/** A tick at some instant from the input before on, and before the next one. */
function earlyTick(
  before: FallbackInput | undefined,
  next: FallbackInput,
  noise: number,
): FallbackInput[] {
  if (!before || before.at >= next.at) return [];
  const at = before.at + (noise % (next.at - before.at));
  return [{ type: "TimerTick", at, apartMs: 0, firedAt: at }];
}

function decideAll(inputs: readonly FallbackInput[]) {
  const events: FallbackEvent[] = [];
  let state: MessageState = initialState;
  for (const input of inputs) {
    const decided = decide(input, state);
    state = decided.reduce(evolve, state);
    events.push(...decided);
  }
  return { events, state };
}
