import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { showEvents, showFooter, showHeader, startOf } from "#deploy/terminal/story-view.ts";

const told = {
  messageId: "m1",
  phase: "ENDED",
  outcome: "SUCCEEDED",
  revision: 2,
  duplicate: true,
  recipient: { msisdn: "+65*****250" },
  contentType: "TEXT",
  requestedAt: "2026-11-21T09:00:00.000Z",
  cost: { amount: 900, currency: "SGD" },
  story: [
    { at: "2026-11-21T09:00:01.000Z", type: "REQUEST_ACCEPTED", text: "Accepted." },
    { at: "2026-11-21T09:00:01.500Z", type: "STATUS_CHANGED", text: "Read.", channel: "viber" },
    {
      at: "2026-11-21T09:01:02.000Z",
      type: "MESSAGE_ENDED",
      text: "Done.",
      channel: "viber",
      outcome: "SUCCEEDED",
    },
  ],
};

/** The story with an amendment ten seconds later. */
function amended(endedAs: string, outcome: string) {
  const late = { at: "2026-11-21T09:01:12.000Z", type: "OUTCOME_AMENDED", text: "Late." };
  const story = told.story.map((event) =>
    event.type === "MESSAGE_ENDED" ? { ...event, outcome: endedAs } : event,
  );
  return { ...told, outcome, story: [...story, { ...late, outcome }] };
}

it("tells who was meant and when it was asked for", () => {
  expect(plain(showHeader(told))).toBe(
    "Message m1\n+65*****250 · text · asked at 2026-11-21T09:00:00.000Z",
  );
});

it("tells each event with the time since the first and its channel", () => {
  expect(showEvents(told.story, startOf(told)).map(plain)).toEqual([
    "    0.00 s            Accepted.",
    "    0.50 s  Viber     Read.",
    "   61.00 s  Viber     Done.",
  ]);
});

it("sums up how it ended, how long it took and what it cost", () => {
  expect(plain(showFooter(told))).toBe(
    "succeeded · after 61.00 s · revision 2 · cost 0.09 SGD · reached the person twice",
  );
});

it.each([
  ["late success", "EXHAUSTED", "SUCCEEDED", "succeeded · after 71.00 s"],
  ["second copy", "SUCCEEDED", "SUCCEEDED", "succeeded · after 61.00 s"],
  ["second copy of one that was canceled", "CANCELED", "CANCELED", "canceled · after 61.00 s"],
])("counts to the outcome that it has: %s", (_, endedAs, outcome, expected) => {
  expect(plain(showFooter(amended(endedAs, outcome)))).toContain(expected);
});

it("says that a message has not ended", () => {
  const { outcome: _outcome, ...running } = { ...told, phase: "RUNNING" };
  expect(plain(showFooter(running))).toBe("Not ended yet (running).");
});

function plain(text: string): string {
  return stripVTControlCharacters(text);
}
