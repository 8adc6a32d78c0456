import { describe, expect, it } from "vitest";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import type { Step } from "#libs/fallback/state.ts";
import { tellStory } from "#libs/story/tell-story.ts";
import {
  cancel,
  entryAfter,
  faultOf,
  report,
  START,
  sent,
  step,
  threeSteps,
  tick,
} from "#test/support/journal-entry.ts";

const DAY_MS = 86_400_000;
const twoSteps = [step("whatsapp", 60_000, "DELIVERED"), step("sms", null, "DELIVERED")];

/** The story of `inputs`, told. */
function told(...inputs: FallbackInput[]): string[] {
  const { story, state } = entryAfter(inputs);
  return tellStory(story, state.steps);
}

/** The last sentence of a message with these steps. */
function end(steps: Step[], ...inputs: FallbackInput[]): string | undefined {
  return told(sent(steps), ...inputs).at(-1);
}

/** Why 8x8's three-channel example leaves WhatsApp. */
function leaving(...inputs: FallbackInput[]): string | undefined {
  return told(sent(threeSteps), ...inputs).find((sentence) => sentence.includes("was left"));
}

it("tells 8x8's three-channel example from the request to the success", () => {
  const refused = { errorCode: "5", errorClass: "PERMANENT" } as const;
  expect(
    told(
      sent(threeSteps),
      report(0, "SENT", 100),
      report(0, "DELIVERED", 900),
      tick(60_000),
      report(1, "UNDELIVERED", 61_000, refused),
      report(2, "DELIVERED", 62_000),
    ),
  ).toEqual([
    "Accepted: WhatsApp until read for 60 s, then Viber until delivered for 60 s, then SMS.",
    "WhatsApp was started: it has 60 s to be read.",
    "WhatsApp reported sent.",
    "WhatsApp reported delivered.",
    "WhatsApp was left: not read within 60 s (it got as far as delivered).",
    "Viber was started: it has 60 s to be delivered.",
    "Viber reported undelivered (code 5, permanent).",
    "Viber was left: it reported undelivered (code 5, permanent).",
    "SMS was started: it is the last step.",
    "SMS reported delivered.",
    "Succeeded by SMS; WhatsApp had reached the person too (duplicate).",
  ]);
});

describe("how a message begins", () => {
  it("says when a scheduled message starts", () => {
    expect(told(sent(twoSteps, { scheduledAt: START + 3_600_000 }))).toEqual([
      "Accepted for 2026-11-21T13:00:00.000Z: WhatsApp until delivered for 60 s, then SMS.",
    ]);
  });

  it("says that a step without a wait is left only by a failure", () => {
    const steps = [step("viber", null, "ACCEPTED"), step("sms", null, "DELIVERED")];
    expect(told(sent(steps))).toEqual([
      "Accepted: Viber until accepted unless it fails, then SMS.",
      "Viber was started: it is left only if it fails.",
    ]);
  });

  it("shows a scaled wait as it is", () => {
    const steps = [step("whatsapp", 1_200, "DELIVERED"), step("sms", null, "DELIVERED")];
    expect(told(sent(steps))[1]).toBe("WhatsApp was started: it has 1.2 s to be delivered.");
  });
});

describe("why a step is left", () => {
  it("tells a silence", () => {
    expect(leaving(tick(60_000))).toBe(
      "WhatsApp was left: not read within 60 s (it gave no word).",
    );
  });

  it("tells the provider's words", () => {
    const fault = { errorCode: "131026", errorText: "not on WhatsApp" };
    expect(leaving(report(0, "FAILED", 10, fault))).toBe(
      'WhatsApp was left: it reported failed (code 131026: "not on WhatsApp").',
    );
  });

  it("tells an explicit unread", () => {
    expect(leaving(report(0, "UNREAD", 10))).toBe(
      "WhatsApp was left: it reported that nobody read it.",
    );
  });
});

describe("reports that change nothing", () => {
  it.each([
    [[report(0, "UNKNOWN", 10)], "WhatsApp reported something unknown; it changes nothing."],
    [
      [report(0, "DELIVERED", 10), report(0, "FAILED", 20)],
      "WhatsApp reported failed after it was delivered; it changes nothing.",
    ],
  ])("are told (%#)", (inputs, sentence) => {
    expect(end(threeSteps, ...inputs)).toBe(sentence);
  });

  it("are told after the end of a flow that ignores them", () => {
    const inputs = [sent(twoSteps, { lateReports: "IGNORE" }), report(0, "DELIVERED", 10)];
    expect(told(...inputs, report(0, "READ", 20)).at(-1)).toBe(
      "WhatsApp reported read after the end; this flow ignores late reports.",
    );
  });
});

describe("how a message ends", () => {
  const stopping = [{ ...step("viber", 60_000, "DELIVERED"), onFailure: "STOP" as const }];
  const closing = [step("sms", 300_000, "DELIVERED")];
  const reading = [step("whatsapp", null, "READ")];

  it.each([
    ["by the step in flight", twoSteps, [report(0, "DELIVERED", 9)], "Succeeded by WhatsApp."],
    [
      "by an earlier step",
      twoSteps,
      [tick(60_000), report(0, "DELIVERED", 61_000)],
      "Succeeded by WhatsApp after all, while SMS ran; nothing more starts.",
    ],
    [
      "with every step used",
      twoSteps,
      [report(0, "FAILED", 1), report(1, "FAILED", 2)],
      "Exhausted: every step was used and none got through.",
    ],
    [
      "at a failure that stops the flow",
      [...stopping, ...closing],
      [report(0, "FAILED", 1)],
      "Exhausted: Viber failed, and the flow stops at that.",
    ],
    [
      "with its closing window",
      closing,
      [report(0, "SENT", 1), tick(300_000)],
      "Unconfirmed: SMS gave no final word within 300 s.",
    ],
    [
      "with the listening time",
      twoSteps,
      [report(0, "FAILED", 1), tick(1 + 3 * DAY_MS)],
      "Unconfirmed: SMS gave no final word for as long as reports are taken.",
    ],
    [
      "delivered but never read",
      reading,
      [report(0, "DELIVERED", 1), tick(3 * DAY_MS)],
      "Exhausted: WhatsApp was never read for as long as reports are taken.",
    ],
    ["by a cancel", twoSteps, [cancel(5)], "Canceled: nothing more starts."],
  ])("is told: %s", (_, steps, inputs, sentence) => {
    expect(end(steps, ...inputs)).toBe(sentence);
  });

  it("is told: at its own deadline", () => {
    expect(told(sent(twoSteps, { expiresAt: START + 5_000 }), tick(5_000)).at(-1)).toBe(
      "Expired: the message's own deadline has passed, nothing more starts.",
    );
  });

  it("is told: before anything started", () => {
    expect(told(sent(twoSteps, { requestedAt: START - 2 * DAY_MS }))).toEqual([
      "Rejected: the request was too old when it was read.",
    ]);
    expect(told(sent([], { faults: [faultOf("unknown-flow")] }))).toEqual([
      "Rejected: the request cannot be carried out (unknown-flow): /flowId is not as it must be.",
    ]);
  });
});

it("tells who asked for a cancel and when it came first", () => {
  expect(told(cancel(0, "wrong number"), sent(twoSteps))).toEqual([
    "A cancel came before the request (wrong number); the request will start nothing.",
    "Accepted: WhatsApp until delivered for 60 s, then SMS.",
    "Canceled: nothing more starts.",
  ]);
  expect(told(sent(twoSteps), cancel(5, "order shipped"))[2]).toBe(
    "A cancel was asked for (order shipped).",
  );
});

describe("late news", () => {
  it("tells a success that came after the end", () => {
    const inputs = [report(0, "FAILED", 1), report(1, "FAILED", 2), report(1, "DELIVERED", 9)];
    expect(end(twoSteps, ...inputs)).toBe(
      "Late news: SMS got through after all; the outcome is now succeeded, revision 2.",
    );
  });

  it("tells a second copy", () => {
    const inputs = [tick(60_000), report(1, "DELIVERED", 61_000), report(0, "DELIVERED", 70_000)];
    expect(end(twoSteps, ...inputs)).toBe(
      "Late news: WhatsApp got through after all; the outcome is now succeeded, revision 2; " +
        "SMS had reached the person too (duplicate).",
    );
  });

  it("tells a second copy that was not the wanted success", () => {
    const inputs = [tick(60_000), tick(120_000), report(2, "DELIVERED", 121_000)];
    expect(end(threeSteps, ...inputs, report(0, "DELIVERED", 130_000))).toBe(
      "Late news: WhatsApp reached the person too (duplicate), revision 2.",
    );
  });
});

it("tells a rule that it does not know by the rule's name", () => {
  const { story, state } = entryAfter([sent(twoSteps)]);
  const unknown = story.map((event) => ({ ...event, rule: "a-rule-of-tomorrow" }));
  expect(tellStory(unknown, state.steps)[0]).toBe("A-rule-of-tomorrow");
});
