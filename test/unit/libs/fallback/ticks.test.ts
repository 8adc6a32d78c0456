// Fault: one of two clocks is wrong when a timer fires, and put right when its tick is read. Invariant: no wait ends
// before it is over.
import { describe, it } from "vitest";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { given, left, started } from "#test/support/given.ts";
import { START, sent, threeSteps } from "#test/support/journal-entry.ts";

/** Decided at `afterMs` by the later clock; fired at `firedMs` by the earlier one. */
function tick(afterMs: number, firedMs: number): FallbackInput {
  return {
    type: "TimerTick",
    at: START + afterMs,
    apartMs: afterMs - firedMs,
    firedAt: START + firedMs,
  };
}

describe("a tick", () => {
  it("of an earlier timer ends no wait, although a clock that is ahead says that it is over", () => {
    given(sent(threeSteps)).when(tick(64_000, 59_999)).decides();
  });

  it("ends what was due when it was fired, and the next wait counts from the later clock", () => {
    given(sent(threeSteps))
      .when(tick(64_000, 60_000))
      .decides(left(0, "wait-ended"), started(1, 64_000 + 60_000));
  });
});
