import { describe, expect, it } from "vitest";
import { decide } from "#libs/fallback/decide.ts";
import { evolve } from "#libs/fallback/evolve.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { initialState } from "#libs/fallback/state.ts";
import { idsToRevoke, toRevoke } from "#libs/fallback/to-revoke.ts";
import type { Revocation } from "#libs/fallback/words.ts";
import { changed, given } from "#test/support/given.ts";
import {
  cancel,
  entryAfter,
  onItsChannel,
  report,
  START,
  sent,
  step,
  threeSteps,
  tick,
} from "#test/support/journal-entry.ts";

const taken = report(0, "ACCEPTED", 1);
const timeOver = tick(60_000);

/** What the last of `inputs` leaves to be taken back. */
function leftBy(...inputs: FallbackInput[]): number[] {
  let state = initialState;
  let left: number[] = [];
  for (const input of inputs) {
    const events = decide(onItsChannel(input, state), state);
    state = events.reduce(evolve, state);
    left = events.flatMap((event) => toRevoke(event, state));
  }
  return left;
}

function revocation(attemptIndex: number, afterMs: number, word: Revocation) {
  return report(attemptIndex, "UNKNOWN", afterMs, { revocation: word });
}

function told(attemptIndex: number, word: Revocation) {
  const rule = "revocation-told";
  return { type: "REPORT_NOTED", rule, attemptIndex, revocation: word } as const;
}

describe("an attempt is to be taken back", () => {
  it("when the next step starts and nobody knows what became of it", () => {
    expect(leftBy(sent(threeSteps), taken, timeOver)).toEqual([0]);
    expect(leftBy(sent(threeSteps), report(0, "SENT", 1), timeOver)).toEqual([0]);
  });

  it("when the answer to its call was lost", () => {
    expect(leftBy(sent(threeSteps), report(0, "UNKNOWN", 1), timeOver)).toEqual([0]);
  });

  it("when the message is canceled or its own deadline passes", () => {
    expect(leftBy(sent(threeSteps), taken, cancel(2))).toEqual([0]);
    const short = sent(threeSteps, { expiresAt: START + 100 });
    expect(leftBy(short, taken, tick(100))).toEqual([0]);
  });

  it("when an earlier one has got through after all", () => {
    const two = [sent(threeSteps), taken, timeOver, report(1, "SENT", 60_001)];
    expect(leftBy(...two, report(0, "READ", 60_002))).toEqual([1]);
  });
});

describe("an attempt whose call was in hand when it was left is to be taken back", () => {
  const lost = report(0, "UNKNOWN", 60_001);

  it("once its dispatcher says that it was taken, or that the answer was lost", () => {
    const left = [sent(threeSteps), timeOver];
    expect(leftBy(...left, report(0, "ACCEPTED", 60_001))).toEqual([0]);
    expect(leftBy(...left, lost)).toEqual([0]);
  });

  it("where the message was canceled meanwhile, or its own deadline passed", () => {
    expect(leftBy(sent(threeSteps), cancel(2), report(0, "ACCEPTED", 3))).toEqual([0]);
    const short = sent(threeSteps, { expiresAt: START + 100 });
    expect(leftBy(short, tick(100), report(0, "ACCEPTED", 101))).toEqual([0]);
  });

  it("where an earlier one got through meanwhile", () => {
    const two = [sent(threeSteps), taken, timeOver, report(0, "READ", 60_001)];
    expect(leftBy(...two, report(1, "ACCEPTED", 60_002))).toEqual([1]);
  });

  it("once: not for a carrier's further words, nor after its answer was told", () => {
    const accepted = [sent(threeSteps), timeOver, report(0, "ACCEPTED", 60_001)];
    expect(leftBy(...accepted, report(0, "SENT", 60_002))).toEqual([]);
    expect(leftBy(...accepted, report(0, "UNKNOWN", 60_002))).toEqual([]);
    const answered = [sent(threeSteps), timeOver, lost, revocation(0, 60_002, "REVOKED")];
    expect(leftBy(...answered, report(0, "ACCEPTED", 60_003))).toEqual([]);
  });
});

describe("an attempt is left alone", () => {
  it("that is accepted in its own time", () => {
    expect(leftBy(sent(threeSteps), taken)).toEqual([]);
  });

  it("that got through, though it is still on its way: where SENT is enough", () => {
    const sentIsEnough = [step("sms", 60_000, "SENT"), step("rcs", 60_000, "DELIVERED")];
    const two = [sent(sentIsEnough), taken, timeOver, report(1, "ACCEPTED", 60_001)];
    expect(leftBy(...two, report(0, "SENT", 60_002))).toEqual([1]);
  });

  it("that was never called for, or failed", () => {
    expect(leftBy(sent(threeSteps), timeOver)).toEqual([]);
    expect(leftBy(sent(threeSteps), report(0, "FAILED", 1))).toEqual([]);
  });

  it("that the person has, read or not", () => {
    expect(leftBy(sent(threeSteps), report(0, "DELIVERED", 1), timeOver)).toEqual([]);
  });

  it("that was asked back before", () => {
    const two = [sent(threeSteps), taken, timeOver, revocation(0, 60_001, "NO_ANSWER")];
    expect(leftBy(...two, report(1, "ACCEPTED", 60_002), tick(120_000))).toEqual([1]);
  });

  it("after the last step's wait: late is better than never", () => {
    const [first] = threeSteps;
    const closing = sent([{ ...first!, waitMs: 1_000 }]);
    expect(leftBy(closing, taken, tick(1_000))).toEqual([]);
  });
});

it("only parts that are not there yet are taken back", () => {
  const ids = { providerMessageIds: ["a", "b", "c"], providerMessageId: "a" };
  const { state } = entryAfter([
    sent(threeSteps),
    report(0, "ACCEPTED", 1, ids),
    report(0, "DELIVERED", 2, { providerMessageId: "b" }),
  ]);
  expect(idsToRevoke(state.attempts[0]! as Parameters<typeof idsToRevoke>[0])).toEqual(["a", "c"]);
});

describe("what became of taking an attempt back", () => {
  const left = [sent(threeSteps), taken, timeOver];

  it("is told once, and what was told first stays", () => {
    given(...left)
      .when(revocation(0, 60_001, "REVOKED"))
      .decides(told(0, "REVOKED"));
    given(...left, revocation(0, 60_001, "REVOKED"))
      .when(revocation(0, 60_002, "TOO_LATE"))
      .decides();
  });

  it("moves nothing: a delivery that crosses it is late news as ever", () => {
    given(...left, revocation(0, 60_001, "REVOKED"))
      .when(report(0, "DELIVERED", 60_002))
      .decides(changed(0, "DELIVERED"));
  });

  it("is told after the end too", () => {
    given(sent(threeSteps), taken, cancel(2))
      .when(revocation(0, 3, "TOO_LATE"))
      .decides(told(0, "TOO_LATE"));
  });

  it("is not believed of another provider", () => {
    given(...left)
      .when({ ...revocation(0, 60_001, "REVOKED"), provider: "another" })
      .decides({
        type: "REPORT_NOTED",
        rule: "other-provider",
        attemptIndex: 0,
        status: "UNKNOWN",
      });
  });
});
