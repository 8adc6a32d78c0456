import { describe, expect, it } from "vitest";
import type { Attempt, DispatchCommand, MessageState } from "#libs/contracts/generated/types.ts";
import { admit } from "#libs/dispatch-rules/admit.ts";

const command: DispatchCommand = {
  commandId: "m:0",
  messageId: "m",
  attemptIndex: 0,
  accountId: "demo",
  channel: "whatsapp",
  sender: null,
  recipient: { msisdn: "+6599990000", country: null, channelUserIds: {} },
  content: { type: "TEXT", text: "hi", richJson: null, smsEncoding: null },
  ttlSeconds: null,
  waitMs: 60_000,
  notAfter: 60_000,
  onUnknown: "WAIT",
  issuedAt: 0,
  revokes: [],
  mayBeCalled: false,
  epoch: "",
};
const fresh = { command, isAbandoned: false, lossCount: 0 };

function attempt(overrides: Partial<Attempt> = {}): Attempt {
  const none = { errorCode: null, errorClass: null, provider: null, providerMessageId: null };
  const times = { startedAt: 0, deadlineAt: 60_000, endedAt: null };
  return {
    ...times,
    ...none,
    status: null,
    segmentCount: null,
    noted: [],
    parts: [],
    refused: [],
    charge: null,
    revocation: null,
    ...overrides,
  };
}

function state(attempts: Attempt[], phase: MessageState["phase"] = "RUNNING"): MessageState {
  const open = { outcome: null, revision: 0, succeededIndex: null };
  const flags = { lateReports: "AMEND", duplicate: false, lateSuccess: false } as const;
  return { phase, steps: [], attempts, scheduledAt: null, expiresAt: null, ...open, ...flags };
}

describe("admit", () => {
  it("lets the command of the running attempt through, also when Redis lost its message", () => {
    expect(admit(fresh, state([attempt()]), 59_999)).toEqual({ type: "call" });
    expect(admit(fresh, null, 59_999)).toEqual({ type: "call" });
  });

  it.each([
    ["a next step runs", state([attempt({ endedAt: 5 }), attempt()])],
    ["the message has ended", state([attempt()], "ENDED")],
    ["the attempt was left", state([attempt({ endedAt: 5 })])],
    ["the attempt is not known", state([])],
  ])("expires a command as superseded when %s", (_when, known) => {
    expect(admit(fresh, known, 0)).toEqual({ type: "expire", errorCode: "superseded" });
  });

  it("expires a command from notAfter on", () => {
    const late = { type: "expire", errorCode: "not-after" };
    expect(admit(fresh, state([attempt()]), 60_000)).toEqual(late);
  });

  it("drops a command whose attempt has a provider's word, without a report that could spoil it", () => {
    for (const status of ["ACCEPTED", "DELIVERED", "EXPIRED"] as const) {
      expect(admit(fresh, state([attempt({ status })]), 99_999)).toEqual({ type: "drop" });
    }
  });

  it("never says expired of what may have been taken", () => {
    const abandoned = { ...fresh, isAbandoned: true };
    expect(admit(abandoned, state([attempt()]), 0)).toEqual({ type: "lost", mayRepeat: true });
    expect(admit(abandoned, state([attempt()]), 60_000)).toEqual({
      type: "lost",
      mayRepeat: false,
    });
    const repeated = { ...fresh, lossCount: 1 };
    const ended = state([attempt()], "ENDED");
    expect(admit(repeated, ended, 0)).toEqual({ type: "lost", mayRepeat: false });
  });
});
