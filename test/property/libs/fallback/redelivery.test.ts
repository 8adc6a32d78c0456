// Goal: Kafka may deliver any record again, at any later time and in another order, and nothing of it
// shows. Method: random lives of a message; all that a life was told is told again at each turn.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { it } from "vitest";
import { decide } from "#libs/fallback/decide.ts";
import { findAttempt } from "#libs/fallback/find-attempt.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { hasUnknownId } from "#libs/fallback/parts.ts";
import { type MessageState, timerDueAt } from "#libs/fallback/state.ts";
import type { SuccessStatus } from "#libs/fallback/words.ts";
import {
  always,
  anyLife,
  anyWord,
  inEveryLife,
  lastState,
  live,
  rules,
} from "#test/support/fallback-histories.ts";
import { report, sent, step } from "#test/support/journal-entry.ts";

const anyDelay = fc.constantFrom(0, 0, 1, 50, 100, 1_000);

it("decides nothing when an input is delivered again, at any later time", () => {
  always(fc.tuple(anyLife, anyDelay), ([inputs, delayMs]) => {
    const turns = live(inputs);
    for (const [index, { input, after }] of turns.entries()) {
      for (const { input: told, before } of turns.slice(0, index + 1)) {
        if (told.type === "TimerTick" || isOfUnknownId(told, before)) continue;
        assert.deepEqual(decide({ ...told, at: input.at + delayMs }, after, rules), []);
      }
    }
  });
});

/** It was not believed, and may be once its id is accepted as another part's. */
function isOfUnknownId(told: FallbackInput, before: MessageState): boolean {
  if (told.type !== "StatusReport") return false;
  const attempt = before.attempts[findAttempt(told, before)];
  return attempt !== undefined && hasUnknownId(told, attempt);
}

it("decides nothing on a tick that was fired before the message's timer is due", () => {
  inEveryLife((turns) => {
    for (const { input, before, events } of turns) {
      if (input.type !== "TimerTick") continue;
      const dueAt = timerDueAt(before);
      if (dueAt === null || input.firedAt < dueAt) assert.deepEqual(events, []);
    }
  });
});

it("is no longer due at the instant of a tick, so that the same tick again decides nothing", () => {
  inEveryLife((turns) => {
    for (const { input, after } of turns) {
      if (input.type !== "TimerTick") continue;
      assert.ok((timerDueAt(after) ?? Infinity) > input.firedAt);
      assert.deepEqual(decide(input, after, rules), []);
    }
  });
});

const WAIT_MS = 10;

/** Reports about attempts that have all started, with cancels and ticks, in two orders. */
const anyCrowd = fc.integer({ min: 1, max: 4 }).chain((attemptCount) => {
  const anyReport = fc
    .tuple(fc.nat({ max: attemptCount - 1 }), anyWord)
    .map(([index, word]) => report(index, word, 0));
  const anyOther = fc.constantFrom<FallbackInput>(
    { type: "TimerTick", at: 0, apartMs: 0, firedAt: 0 },
    { type: "Cancel", at: 0, reason: null },
  );
  const anyTold = fc.oneof({ weight: 8, arbitrary: anyReport }, anyOther);
  return fc.array(anyTold, { maxLength: 10, size: "max" }).chain((told) =>
    fc.record({
      attemptCount: fc.constant(attemptCount),
      wanted: fc.constantFrom<SuccessStatus[]>("ACCEPTED", "SENT", "DELIVERED", "READ"),
      told: fc.constant(told),
      toldOtherwise: fc.shuffledSubarray(told, { minLength: told.length }),
    }),
  );
});

it("leaves each attempt at the same status, whatever order the same reports come in", () => {
  always(anyCrowd, ({ attemptCount, wanted, told, toldOtherwise }) => {
    const state = stateWithAttempts(attemptCount, wanted);
    const statusesAfter = (inputs: FallbackInput[]) => {
      const startsAt = 1_000 + WAIT_MS * attemptCount;
      const inOrder = inputs.map((input, index) => ({ ...input, at: startsAt + index }));
      const { attempts } = lastState(live(inOrder, state));
      return attempts.slice(0, attemptCount).map((attempt) => attempt.status);
    };
    assert.deepEqual(statusesAfter(toldOtherwise), statusesAfter(told));
  });
});

/** A message of four steps whose waits have brought it to its attempt number `count`. */
function stateWithAttempts(count: number, wanted: SuccessStatus) {
  const steps = ["whatsapp", "viber", "rcs", "sms"].map((channel) =>
    step(channel, WAIT_MS, wanted),
  );
  const ticks = Array.from({ length: count - 1 }, (_, index): FallbackInput => {
    const at = 1_000 + WAIT_MS * (index + 1);
    return { type: "TimerTick", at, apartMs: 0, firedAt: at };
  });
  return lastState(live([sent(steps, { at: 1_000, requestedAt: 1_000 }), ...ticks]));
}
