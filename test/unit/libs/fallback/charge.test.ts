import { describe, expect, it } from "vitest";
import type { Charge } from "#libs/fallback/words.ts";
import { changed, given } from "#test/support/given.ts";
import { entryAfter, report, sent, threeSteps, tick } from "#test/support/journal-entry.ts";

const nothing: Charge = {
  amountMicros: null,
  currency: null,
  isBillable: null,
  category: null,
  network: null,
};
const priced: Charge = { ...nothing, amountMicros: 7_500, currency: "USD", network: "52501" };
const sorted: Charge = { ...nothing, isBillable: true, category: "marketing" };

function told(attemptIndex: number, charge: Charge) {
  return { type: "REPORT_NOTED", rule: "charge-told", attemptIndex, charge } as const;
}

describe("what a provider says of its price", () => {
  it("is told beside the status that it comes with", () => {
    given(sent(threeSteps))
      .when(report(0, "SENT", 1, { charge: priced }))
      .decides(changed(0, "SENT"), told(0, priced));
  });

  it("is added to what is known, and is no news when it comes again", () => {
    const first = report(0, "SENT", 1, { charge: sorted });
    const second = report(0, "SENT", 2, { charge: priced });
    given(sent(threeSteps), first).when(first).decides();
    given(sent(threeSteps), first)
      .when(second)
      .decides(told(0, { ...sorted, ...priced, isBillable: true, category: "marketing" }));
    given(sent(threeSteps), first, second).when(first).decides();
  });

  it("stays what was told first, amount and currency together", () => {
    given(sent(threeSteps), report(0, "SENT", 1, { charge: priced }))
      .when(report(0, "SENT", 2, { charge: { ...priced, amountMicros: 9_000, currency: "EUR" } }))
      .decides();
  });

  it("is taken after the step was left, and after the message has ended", () => {
    const left = [sent(threeSteps), report(0, "SENT", 1), tick(60_000)];
    given(...left)
      .when(report(0, "SENT", 60_001, { charge: priced }))
      .decides(told(0, priced));
    given(sent(threeSteps), report(0, "READ", 1))
      .when(report(0, "READ", 2, { charge: sorted }))
      .decides(told(0, sorted));
  });

  it("is not believed where the report is not", () => {
    const { state } = entryAfter([
      sent(threeSteps),
      report(0, "ACCEPTED", 1),
      report(0, "SENT", 2, { provider: "another", charge: priced }),
    ]);
    expect(state.attempts[0]?.charge).toBeNull();
  });
});
