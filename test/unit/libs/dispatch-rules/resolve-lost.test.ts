import { describe, expect, it } from "vitest";
import { answerLost, type Conclusion } from "#libs/dispatch-rules/conclude.ts";
import { isLost, type LookedUp, resolveLost } from "#libs/dispatch-rules/resolve-lost.ts";

const givenUp = answerLost("The call ended with TIMEOUT.");
const retry = { type: "retry", because: "lost", delayMs: 1_000, passed: [] } as const;
const notice = { status: "UNKNOWN", errorCode: "answer-lost-repeated", errorText: "cut" } as const;
const repeated: Conclusion = { ...retry, notice };
const found = { type: "found", providerMessageId: "SM1", segmentCount: 2 } as const;

describe("a lost answer", () => {
  it.each([givenUp, repeated])("is an acceptance where the provider has the message", (lost) => {
    expect(resolveLost(lost, found)).toEqual({
      type: "report",
      word: {
        status: "ACCEPTED",
        providerMessageId: "SM1",
        segmentCount: 2,
        errorText: expect.stringContaining("was asked, and has the message"),
      },
    });
  });

  it.each([
    ["not-found", "does not show the message"],
    ["several", "shows several messages"],
    ["owned", "of another attempt"],
    ["no-answer", "could not say"],
    ["nothing-to-ask", "cannot be asked"],
  ] as const)("stays what it was where it is %s, and says so", (type, words) => {
    const said: LookedUp = { type };
    expect(resolveLost(givenUp, said)).toMatchObject({
      type: "report",
      word: {
        status: "UNKNOWN",
        errorCode: "answer-lost",
        errorText: expect.stringMatching(`^The call ended with TIMEOUT\\. .*${words}`),
      },
    });
    expect(resolveLost(repeated, said)).toMatchObject({
      ...retry,
      notice: { errorCode: "answer-lost-repeated", errorText: expect.stringContaining(words) },
    });
  });
});

it("nothing is asked of a repeat that its provider knows, or of any other word", () => {
  const refused = { status: "REJECTED", errorCode: "9", errorText: "no" } as const;
  const others: Conclusion[] = [
    { ...retry, notice: null },
    { type: "report", word: refused },
  ];
  for (const each of others) {
    expect(isLost(each)).toBe(false);
    expect(resolveLost(each, found)).toBe(each);
  }
});
