// Who is asked for what others did not take: never again whoever would call that a repeat.
import { describe, expect, it } from "vitest";
import { conclude } from "#libs/dispatch-rules/conclude.ts";
import { followCodeRule } from "#libs/dispatch-rules/follow-code-rule.ts";
import { hold } from "#libs/dispatch-rules/hold.ts";
import { passOver, routesLeft } from "#libs/dispatch-rules/pass-on.ts";
import { decodePassedOver, encodePassedOver } from "#libs/dispatch-store/passed-over.ts";
import type { ProviderAnswer } from "#libs/providers/provider-adapter.ts";

type Refused = Extract<ProviderAnswer, { type: "refused" }>;

const first = { connection: "first", provider: "infobip.1" };
const second = { connection: "second", provider: "smpp.2" };
const said = { type: "refused", code: "status-12", text: "No." } as const;
const forEver: Refused = { ...said, errorClass: "SENDER", isFinal: true };
const temporary: ProviderAnswer = { type: "temporary", code: "50", text: "later" };

const command = { notAfter: 100_000, onUnknown: "REPEAT" } as const;
const tries = { refusalCount: 0, lossCount: 0 };
const circumstances = {
  ...tries,
  command,
  nowMs: 0,
  takesIdempotencyKeys: true,
  asked: first,
  othersCount: 0,
  passed: [],
  timeScale: 1,
};
const firstPassed = decodePassedOver(encodePassedOver(passOver([], forEver, first)));
const asking = { called: first.provider, passed: firstPassed };

describe("a connection that has refused a message for ever", () => {
  it.each(["SENDER", "TEMPORARY", "PERMANENT", "UNKNOWN"] as const)(
    "has the last word where there is no other, whatever a code rule says (%s)",
    (errorClass) => {
      const answer = followCodeRule({ ...forEver, errorClass }, "RETRY");
      expect(conclude(answer, circumstances)).toMatchObject({
        type: "report",
        word: { status: "REJECTED", errorCode: "status-12", errorClass },
      });
    },
  );

  it("is followed by no other where the account says that its code leads to the next step", () => {
    const filtered: Refused = { ...said, errorClass: "TEMPORARY", isFinal: true };
    const others = { ...circumstances, othersCount: 1 };
    expect(conclude(followCodeRule(filtered, undefined), others)).toMatchObject({
      because: "passed-on",
    });
    for (const leadsTo of ["NEXT", "STOP"] as const) {
      expect(conclude(followCodeRule(filtered, leadsTo), others)).toMatchObject({ type: "report" });
    }
  });

  it.each(["SENDER", "TEMPORARY"] as const)(
    "is followed by another, and is asked in no round after that (%s)",
    (errorClass) => {
      const conclusion = conclude({ ...forEver, errorClass }, { ...circumstances, othersCount: 1 });
      const passed = passOver([], { ...forEver, errorClass }, first);
      expect(conclusion).toMatchObject({ because: "passed-on", passed });
      const later = conclude(temporary, { ...circumstances, asked: second, passed });
      if (later.type !== "retry") throw new Error(later.type);
      for (const seen of [passed, later.passed]) {
        const asked = { ...asking, passed: seen, isLost: false };
        expect(routesLeft([first, second], asked)).toEqual([second]);
        expect(routesLeft([first], asked)).toEqual([]);
      }
      expect(routesLeft([first, second], { ...asking, isLost: true })).toEqual([]);
    },
  );

  it("is asked again where it has refused for now alone, and the settings have changed", () => {
    const once = passOver([], { ...said, errorClass: "SENDER" }, first);
    expect(routesLeft([first], { ...asking, passed: once, isLost: false })).toEqual([first]);
  });

  it("has the last word once the others are gone, but not on what another may have taken", () => {
    const holding = { ...tries, ...asking, command, nowMs: 0, spread: 0 };
    const refused = { type: "report", word: { status: "REJECTED", errorCode: "status-12" } };
    expect(hold([], holding)).toMatchObject(refused);
    expect(hold([], { ...holding, lossCount: 1 })).toMatchObject(refused);
    expect(hold([], { ...holding, lossCount: 1, called: second.provider })).toMatchObject({
      word: { status: "UNKNOWN", errorCode: "answer-lost" },
    });
  });
});
