import { describe, expect, it } from "vitest";
import { endingOf } from "#libs/rehearsal/ending.ts";
import { REHEARSAL_COUNT_MAX, rehearseAll } from "#libs/rehearsal/rehearse-all.ts";
import { summarize } from "#libs/rehearsal/summarize.ts";
import { faultOf, step, threeSteps } from "#test/support/journal-entry.ts";
import { messageOf } from "#test/support/rehearsed.ts";

const twoSteps = [step("whatsapp", 60_000, "DELIVERED"), step("sms", null, "DELIVERED")];
const tenSteps = Array.from({ length: 10 }, () => step("viber", 60_000, "READ"));

describe("every combination", () => {
  it("branches only where a step starts", () => {
    const { rehearsals, reductions } = rehearseAll(messageOf(twoSteps), {});
    // WhatsApp delivers (2 behaviours) or is one of 4 others before 5 of SMS.
    expect(rehearsals).toHaveLength(2 + 4 * 5);
    expect(reductions).toEqual([]);
  });

  it("plays a step by its channel or its index as it is assumed", () => {
    const assumed = { whatsapp: "sent", "1": "refused" } as const;
    const { rehearsals } = rehearseAll(messageOf(twoSteps), { ...assumed, sms: "read" });
    expect(rehearsals.map(({ behaviours }) => behaviours)).toEqual([["sent", "refused"]]);
  });

  it("plays later steps with fewer behaviours than would be too many, and tells which", () => {
    const { rehearsals, reductions } = rehearseAll(messageOf(tenSteps), {});
    expect(rehearsals.length).toBeLessThanOrEqual(REHEARSAL_COUNT_MAX);
    expect(reductions.map(({ stepIndex }) => stepIndex)).toEqual([3, 4, 5, 6, 7, 8, 9]);
    expect(rehearsals.some((each) => endingOf(each).outcome === "EXHAUSTED")).toBe(true);
  });

  it("rehearses what is refused once", () => {
    const message = messageOf(twoSteps, { faults: [faultOf("unknown-flow")] });
    expect(rehearseAll(message, {}).rehearsals).toHaveLength(1);
  });
});

describe("a summary", () => {
  it("counts every rehearsal in one ending, and names the longest", () => {
    const { rehearsals } = rehearseAll(messageOf(threeSteps), {});
    const { endings, worst } = summarize(rehearsals);
    const total = endings.reduce((sum, { count }) => sum + count, 0);
    expect(total).toBe(rehearsals.length);
    for (const { example, ...ending } of endings) {
      const { durationMs: _durationMs, ...own } = endingOf(example);
      expect(ending).toMatchObject(own);
    }
    const longest = Math.max(...rehearsals.map((each) => endingOf(each).durationMs));
    expect(endingOf(worst).durationMs).toBe(longest);
  });

  it("names the behaviours by which a duplicate is certain", () => {
    const { rehearsals } = rehearseAll(messageOf(twoSteps), {});
    expect(summarize(rehearsals).duplicates).toEqual({
      risk: "certain",
      by: [{ stepIndex: 0, behaviour: "late" }],
    });
  });

  it("tells of none where a single step is all there is", () => {
    const { rehearsals } = rehearseAll(messageOf([step("sms", null, "DELIVERED")]), {});
    expect(summarize(rehearsals).duplicates).toEqual({ risk: "none", by: [] });
  });
});
