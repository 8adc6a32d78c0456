import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { showTable } from "#deploy/terminal/summary-view.ts";

const requestedAt = "2026-11-21T09:00:00.000Z";
const running = { messageId: "m2", phase: "RUNNING", channel: "viber", requestedAt };
const ended = {
  messageId: "m1",
  phase: "ENDED",
  outcome: "SUCCEEDED",
  channel: "sms",
  requestedAt,
  endedAt: "2026-11-21T09:00:06.500Z",
  recipient: { msisdn: "+65*****250" },
};
const NOW = Date.parse(requestedAt) + 9_000;

it("shows each message with where it stands and how long it has taken", () => {
  expect(shown([running, ended], 24)).toEqual([
    "Messages, newest first; 1 of 2 under way. Ctrl-C ends this.",
    "",
    "09:00:00  m2                  Viber     running  9 s",
    "09:00:00  m1  +65*****250     SMS       succeeded  6.5 s",
  ]);
});

it("shows no more than fits the terminal, the newest first", () => {
  expect(shown([running, ended, ended, ended], 5).slice(2)).toHaveLength(2);
});

function shown(items: Parameters<typeof showTable>[0], rowCount: number): string[] {
  return stripVTControlCharacters(showTable(items, NOW, rowCount)).split("\n");
}
