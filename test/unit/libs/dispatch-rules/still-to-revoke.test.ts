import { describe, expect, it } from "vitest";
import type { LeftAttempt, MessageState } from "#libs/contracts/generated/types.ts";
import { stillToRevoke } from "#libs/dispatch-rules/still-to-revoke.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { entryAfter, report, sent, step, threeSteps, tick } from "#test/support/journal-entry.ts";

const left: LeftAttempt = {
  attemptIndex: 0,
  channel: "rcs",
  sender: null,
  recipient: { msisdn: "+6511110000", country: null, channelUserIds: {} },
  provider: "google-rbm.main",
  providerMessageIds: [],
};

function stateAfter(...inputs: FallbackInput[]): MessageState {
  return entryAfter(inputs).state;
}

const running = [sent(threeSteps), report(0, "SENT", 1), tick(60_000)];

describe("an attempt that a command names", () => {
  it("is still to be taken back while nobody knows what became of it", () => {
    expect(stillToRevoke([left], stateAfter(...running))).toEqual([left]);
    expect(stillToRevoke([left], null)).toEqual([left]);
  });

  it("is left alone once it is there, or was asked back", () => {
    expect(stillToRevoke([left], stateAfter(...running, report(0, "READ", 60_001)))).toEqual([]);
    const told = report(0, "UNKNOWN", 60_001, { revocation: "NO_ANSWER" });
    expect(stillToRevoke([left], stateAfter(...running, told))).toEqual([]);
  });

  it("is left alone once it got through, though it is still on its way", () => {
    const sentIsEnough = sent([step("rcs", 60_000, "SENT"), step("sms", null, "DELIVERED")]);
    const late = [report(0, "ACCEPTED", 1), tick(60_000), report(0, "SENT", 60_001)];
    expect(stillToRevoke([left], stateAfter(sentIsEnough, ...late))).toEqual([]);
  });
});
