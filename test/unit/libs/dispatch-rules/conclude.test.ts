import { describe, expect, it } from "vitest";
import type { ErrorClass } from "#libs/contracts/generated/types.ts";
import { backoffMs, type Circumstances, conclude } from "#libs/dispatch-rules/conclude.ts";
import { passOver } from "#libs/dispatch-rules/pass-on.ts";
import { notServed } from "#libs/providers/not-served.ts";
import type { ProviderAnswer } from "#libs/providers/provider-adapter.ts";

const circumstances: Circumstances = {
  command: { notAfter: 100_000, onUnknown: "WAIT" },
  nowMs: 0,
  refusalCount: 0,
  lossCount: 0,
  takesIdempotencyKeys: false,
  asked: { connection: null, provider: "simulated-sms" },
  othersCount: 0,
  passed: [],
  timeScale: 1,
};
const temporary: ProviderAnswer = { type: "temporary", code: "50", text: "later" };
const unknown: ProviderAnswer = { type: "unknown", text: "cut" };
const repeating = { notAfter: 100_000, onUnknown: "REPEAT" } as const;

function refusedFor(errorClass: ErrorClass): ProviderAnswer {
  return { type: "refused", code: "9", errorClass, text: "no" };
}

describe("backoffMs", () => {
  it("doubles from one second to a minute, scaled", () => {
    const delays = [0, 1, 2, 5, 6, 60].map((tryCount) => backoffMs(tryCount, 1));
    expect(delays).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000]);
    expect(backoffMs(1, 0.05)).toBe(100);
  });
});

describe("conclude", () => {
  it("reports what was accepted, and what was refused for good with its code and class", () => {
    const accepted = { type: "accepted", providerMessageId: "p1", segmentCount: 3 } as const;
    expect(conclude(accepted, circumstances)).toMatchObject({
      type: "report",
      word: { status: "ACCEPTED", providerMessageId: "p1", segmentCount: 3 },
    });
    const refused = { type: "refused", code: "9", errorClass: "PERMANENT", text: "no" } as const;
    expect(conclude(refused, circumstances)).toMatchObject({
      word: { status: "REJECTED", errorCode: "9", errorClass: "PERMANENT" },
    });
  });

  it("tries a temporary refusal again while the backoff stays within notAfter", () => {
    const third = { ...circumstances, refusalCount: 2 };
    const again = { type: "retry", because: "refused", delayMs: 4_000, notice: null };
    expect(conclude(temporary, third)).toMatchObject(again);
    expect(conclude(temporary, { ...third, nowMs: 96_000 })).toMatchObject({
      type: "report",
      word: { status: "FAILED", errorCode: "50", errorClass: "TEMPORARY" },
    });
  });

  it("waits as long as a provider asks, nine minutes at a time", () => {
    const later = {
      ...circumstances,
      command: { notAfter: 7_200_000, onUnknown: "WAIT" as const },
    };
    const asked = { ...temporary, retryAfterMs: 3_600_000 };
    expect(conclude(asked, later)).toMatchObject({ type: "retry", delayMs: 540_000 });
  });

  describe("after an answer that was lost", () => {
    const lost = { word: { status: "UNKNOWN", errorCode: "answer-lost" } };
    const late = { ...circumstances, lossCount: 1, nowMs: 99_999 };

    it.each([true, false])("no fault of the repeat's own ends the step (keys: %s)", (keys) => {
      const repeated = { ...late, takesIdempotencyKeys: keys };
      expect(conclude(temporary, repeated)).toMatchObject(lost);
      expect(conclude(refusedFor("SENDER"), repeated)).toMatchObject(lost);
    });

    it.each(["PERMANENT", "CONSENT", "CONTENT"] as const)(
      "a refusal of the message itself does: the first call would have had the same (%s)",
      (errorClass) => {
        for (const takesIdempotencyKeys of [true, false]) {
          const repeated = { ...late, takesIdempotencyKeys };
          const told = { word: { status: "REJECTED", errorClass } };
          expect(conclude(refusedFor(errorClass), repeated)).toMatchObject(told);
        }
      },
    );

    it("a code that nobody knows does, where both calls are the same to the provider", () => {
      const refused = refusedFor("UNKNOWN");
      expect(conclude(refused, { ...late, takesIdempotencyKeys: true })).toMatchObject({
        word: { status: "REJECTED" },
      });
      expect(conclude(refused, late)).toMatchObject(lost);
    });
  });

  describe("where another connection can be asked", () => {
    const asked = { connection: "main", provider: "main.1" };
    const sender = { type: "refused", code: "190", errorClass: "SENDER", text: "token" } as const;
    const two = { ...circumstances, asked, othersCount: 1 };

    it("asks it at once for what was refused as temporary or for our account's sake", () => {
      for (const answer of [temporary, sender]) {
        expect(conclude(answer, two)).toMatchObject({
          type: "retry",
          because: "passed-on",
          delayMs: 0,
          passed: [{ connection: "main", errorCode: answer.code, isOut: true }],
        });
      }
    });

    it.each(["PERMANENT", "CONSENT", "CONTENT", "UNKNOWN"] as const)(
      "does not ask it for what is about the person or the message (%s)",
      (errorClass) => {
        expect(conclude({ ...sender, errorClass }, two)).toMatchObject({ type: "report" });
      },
    );

    it("asks it for content that only this provider has no words for", () => {
      expect(conclude(notServed, two)).toMatchObject({ because: "passed-on" });
    });

    it("never asks it for an answer that was lost", () => {
      for (const takesIdempotencyKeys of [false, true]) {
        for (const onUnknown of ["WAIT", "REPEAT"] as const) {
          const command = { notAfter: 100_000, onUnknown };
          const conclusion = conclude(unknown, { ...two, command, takesIdempotencyKeys });
          expect(conclusion).not.toMatchObject({ because: "passed-on" });
        }
      }
    });

    it("asks all anew after a pause that may take it by then, and no others", () => {
      const passed = passOver([], sender, { connection: "first", provider: "first.1" });
      const last = { ...two, othersCount: 0, passed };
      expect(conclude(temporary, last)).toMatchObject({
        because: "refused",
        delayMs: 1_000,
        passed: [
          { connection: "first", isOut: true },
          { connection: "main", isOut: false },
        ],
      });
      const allOurs = conclude(sender, last);
      expect(allOurs).toMatchObject({ type: "report", word: { errorCode: "190" } });
      const once = passOver([], temporary, { connection: "first", provider: "first.1" });
      expect(conclude(sender, { ...last, passed: once })).toMatchObject({
        because: "refused",
        passed: [{ isOut: false }, { isOut: true }],
      });
    });
  });

  it("keeps a message whose connection's credentials are refused until they are mended in time", () => {
    const answer = { type: "refused", code: "190", errorClass: "SENDER", text: "token" } as const;
    const refused = { ...answer, isLoginRefused: true };
    expect(conclude(refused, circumstances)).toMatchObject({ because: "refused", delayMs: 1_000 });
    expect(conclude(refused, { ...circumstances, nowMs: 99_500 })).toMatchObject({
      type: "report",
      word: { status: "REJECTED", errorCode: "190", errorClass: "SENDER" },
    });
  });

  it("repeats a lost answer where the provider takes idempotency keys, and says nothing", () => {
    const keyed = { ...circumstances, takesIdempotencyKeys: true, lossCount: 3 };
    const again = { type: "retry", because: "lost", delayMs: 8_000, notice: null };
    expect(conclude(unknown, keyed)).toMatchObject(again);
    const tooLate = { ...keyed, nowMs: 99_999 };
    expect(conclude(unknown, tooLate)).toMatchObject({ word: { errorCode: "answer-lost" } });
  });

  it("tells of an acceptance that a repeat by its own id brought after a loss", () => {
    const accepted = { type: "accepted", providerMessageId: "p1", segmentCount: 1 } as const;
    const keyed = { ...circumstances, takesIdempotencyKeys: true };
    const errorText = expect.stringContaining("repeated with the message's own id");
    const told = { status: "ACCEPTED", providerMessageId: "p1", errorText };
    expect(conclude(accepted, { ...keyed, lossCount: 1 })).toMatchObject({ word: told });
    for (const given of [keyed, { ...circumstances, lossCount: 1 }]) {
      expect(conclude(accepted, given)).not.toMatchObject({ word: { errorText } });
    }
  });

  it("leaves a lost answer alone where a next step covers it", () => {
    const word = { status: "UNKNOWN", errorCode: "answer-lost" };
    expect(conclude(unknown, circumstances)).toMatchObject({ type: "report", word });
  });

  it("repeats a lost answer once where silence would be worse, and says so", () => {
    const first = conclude(unknown, { ...circumstances, command: repeating });
    expect(first).toMatchObject({
      type: "retry",
      because: "lost",
      notice: { status: "UNKNOWN", errorCode: "answer-lost-repeated" },
    });
    const second = conclude(unknown, { ...circumstances, command: repeating, lossCount: 1 });
    expect(second).toMatchObject({ type: "report", word: { errorCode: "answer-lost" } });
  });
});
