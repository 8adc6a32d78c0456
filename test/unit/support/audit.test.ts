// The auditor is believed only as far as it finds what was planted: one breach in an otherwise good
// ledger at a time.
import { describe, expect, it } from "vitest";
import type { MessageOutcome, StoryEvent } from "#libs/contracts/generated/types.ts";
import { audit } from "#test/support/audit.ts";
import { report as reported, START, sent, step, tick } from "#test/support/journal-entry.ts";
import { inputs, ledgerOf, recorded, reportOf, retold } from "#test/support/planted-ledger.ts";

function isStartOfSms({ type, attemptIndex }: StoryEvent): boolean {
  return type === "ATTEMPT_STARTED" && attemptIndex === 2;
}

const good = ledgerOf();

it("finds nothing in a good ledger", () => {
  expect(good.outcomes).toHaveLength(2);
  expect(good.commands).toHaveLength(3);
  expect(audit(good)).toEqual([]);
});

it("finds nothing where everything was delivered twice, the journal's newest last", () => {
  const { outcomes, commands, reports, journal } = good;
  const twice = {
    outcomes: [...outcomes, ...outcomes],
    commands: [...commands, ...commands],
    reports: [...reports, ...reports],
    journal: [...journal, journal.at(-1)!],
  };
  expect(audit({ ...good, ...twice })).toEqual([]);
});

describe("guarantee 1", () => {
  it("needs an outcome for each request", () => {
    expect(audit({ ...good, outcomes: [] })).toContain("m-1 was requested and has no outcome");
  });

  it("allows one outcome of a revision", () => {
    const other = recorded({ ...good.outcomes[0]!.value, duplicate: true });
    const outcomes = [...good.outcomes, other];
    expect(audit({ ...good, outcomes })).toEqual(["outcome m-1#1 was told in two ways"]);
  });

  it("allows no gap between revisions", () => {
    const outcomes = good.outcomes.map(({ value }) =>
      recorded({ ...value, revision: value.revision === 2 ? 3 : 1 }),
    );
    expect(audit({ ...good, outcomes })).toContain("outcome m-1#2 is missing");
  });

  it("needs every decided outcome told", () => {
    const outcomes = good.outcomes.slice(0, 1);
    expect(audit({ ...good, outcomes })).toEqual([
      "outcome m-1#2 SUCCEEDED was decided and never told",
    ]);
  });

  it("allows no outcome that was not decided", () => {
    const value: MessageOutcome = { ...good.outcomes[1]!.value, revision: 3 };
    const outcomes = [...good.outcomes, recorded(value)];
    expect(audit({ ...good, outcomes })).toEqual([
      "outcome m-1#3 SUCCEEDED was told and never decided",
    ]);
  });
});

describe("guarantee 2", () => {
  it("allows no wait that ends early", () => {
    const early = retold((story) =>
      story.map((event) => (event.rule === "wait-ended" ? { ...event, at: event.at - 1 } : event)),
    );
    expect(audit(early)).toEqual([`m-1: wait-ended at ${START + 59_999} came early`]);
  });

  it("allows no closing window that ends early", () => {
    const steps = [step("sms", 5_000, "DELIVERED")];
    const ledger = ledgerOf([sent(steps), reported(0, "ACCEPTED", 10), tick(5_000)]);
    expect(audit(ledger)).toEqual([]);
    const last = ledger.journal.at(-1)!.value;
    const story = last.story.map((event) =>
      event.rule === "closing-window-ended" ? { ...event, at: event.at - 1 } : event,
    );
    const journal = [recorded({ ...last, story })];
    expect(audit({ ...ledger, journal })).toEqual([
      `m-1: closing-window-ended at ${START + 4_999} came early`,
    ]);
  });

  it("allows no start before the schedule and no expiry before its time", () => {
    const scheduledAt = START + 1_000;
    const expiresAt = START + 2_000;
    const steps = [step("sms", 60_000, "DELIVERED")];
    const scheduled = sent(steps, { scheduledAt, expiresAt });
    const accepted = reported(0, "ACCEPTED", 1_010);
    const ledger = ledgerOf([scheduled, tick(1_000), accepted, tick(2_000)]);
    expect(audit(ledger)).toEqual([]);
    const last = ledger.journal.at(-1)!.value;
    const state = { ...last.state, scheduledAt: scheduledAt + 1, expiresAt: expiresAt + 1 };
    expect(audit({ ...ledger, journal: [recorded({ ...last, state })] })).toEqual([
      `m-1: first-step at ${scheduledAt} came early`,
      `m-1: expired at ${expiresAt} came early`,
    ]);
  });

  it("allows no tick before it is due", () => {
    const ticks = [
      recorded({ messageId: "m-1", dueAt: START, firedAt: START - 1, leaseEndsAt: null }),
    ];
    expect(audit({ ...good, ticks })).toEqual(["m-1: a tick was fired before it was due"]);
  });
});

describe("guarantee 3", () => {
  it("allows no step before the one before it was left", () => {
    const hasty = retold((story) => story.filter(({ rule }) => rule !== "wait-ended"));
    expect(audit(hasty)).toContain("m-1: step 1 started too soon");
  });

  it("allows no step twice", () => {
    const again = retold((story) =>
      story.flatMap((event) => (event.rule === "first-step" ? [event, event] : [event])),
    );
    expect(audit(again)).toContain("m-1: step 1 is out of order");
    expect(audit(again)).toContain("m-1: more starts than steps");
  });

  it("allows no step after the end", () => {
    const late = retold((story) => [
      ...story.filter((event) => !isStartOfSms(event)),
      ...story.filter(isStartOfSms),
    ]);
    expect(audit(late)).toContain("m-1: step 2 started after the end");
  });

  it("needs a command for each step, and a step for each command", () => {
    const [first, second] = good.commands;
    const moved = recorded({ ...second!.value, issuedAt: START });
    expect(audit({ ...good, commands: [first!, moved, good.commands[2]!] })).toEqual([
      `step m-1:1 at ${START + 60_000} started without a command`,
      `command m-1:1 at ${START} belongs to no step`,
    ]);
  });
});

describe("guarantee 4", () => {
  it("needs a command that is delivered again to be the same to the byte", () => {
    const other = recorded({ ...good.commands[0]!.value, sender: "SOMEBODY" });
    expect(audit({ ...good, commands: [...good.commands, other] })).toEqual([
      "m-1:0 was published with different bytes",
    ]);
  });

  it("needs a version of the journal to be the same to the byte", () => {
    const other = recorded({ ...good.journal[2]!.value, at: 1 });
    const [first, ...others] = good.journal;
    expect(audit({ ...good, journal: [first!, other, ...others] })).toEqual([
      "m-1 v3 was published with different bytes",
    ]);
  });

  it("takes what was decided again after Redis was lost for other versions", () => {
    const lost = { ...recorded({ ...good.journal[2]!.value, at: 1 }), epoch: "000001-lost" };
    const [first, ...others] = good.journal.map((each) => ({ ...each, epoch: "000002-next" }));
    expect(audit({ ...good, journal: [first!, lost, ...others] })).toEqual([]);
  });

  it("takes the last epoch's word, also where one before came as far", () => {
    const last = good.journal.at(-1)!;
    const lost = { ...recorded({ ...last.value, story: [] }), epoch: "000001-lost" };
    const kept = good.journal.map((each) => ({ ...each, epoch: "000002-next" }));
    expect(audit({ ...good, journal: [lost, ...kept] })).toEqual([]);
    expect(audit({ ...good, journal: [...kept, lost] })).toEqual([
      `m-1: the journal ends with v${last.value.version}`,
    ]);
  });

  it("needs an answer to each command", () => {
    const unanswered = ledgerOf(inputs.slice(0, 3));
    expect(audit(unanswered)).toContain("command m-1:1 was never answered");
  });

  it("takes a receipt that names only the provider's id for an answer", () => {
    const reports = good.reports.filter(({ value }) => value.attemptIndex !== 1);
    expect(audit({ ...good, reports })).toEqual([]);
  });

  it.each([
    { attemptIndex: 1, status: "DELIVERED" },
    { attemptIndex: 2, status: "READ" },
  ] as const)("needs attempt $attemptIndex to show that it was $status", (said) => {
    const { attemptIndex, status } = said;
    const reports = [...good.reports, reportOf(attemptIndex, { status })];
    expect(audit({ ...good, reports })).toEqual([
      `m-1:${attemptIndex}: ${status} was reported and does not show`,
    ]);
  });

  it("lets a second copy's word be noted alone, where a lost answer was told and its id is not known", () => {
    const last = good.journal.at(-1)!;
    const { state } = last.value;
    const attempts = state.attempts.map((one, index) =>
      index === 1 ? { ...one, refused: ["unknown-id" as const] } : one,
    );
    const value = { ...last.value, state: { ...state, attempts } };
    const journal = [...good.journal.slice(0, -1), recorded(value)];
    const reports = [...good.reports, reportOf(1, { status: "DELIVERED" })];
    expect(audit({ ...good, journal, reports })).toHaveLength(1);
    const lost = reportOf(1, { status: "UNKNOWN", errorCode: "answer-lost-repeated" });
    expect(audit({ ...good, journal, reports: [...reports, lost] })).toEqual([]);
  });

  it("allows a second provider id only where a lost answer was told", () => {
    const second = { ...good.reports[0]!.value, providerMessageId: "provider-9" };
    const reports = [...good.reports, recorded(second)];
    expect(audit({ ...good, reports })).toEqual(["m-1:0 was handed to its provider 2 times"]);
    const lost = reportOf(0, { status: "UNKNOWN", errorCode: "answer-lost-repeated" });
    expect(audit({ ...good, reports: [...reports, lost] })).toEqual([]);
  });

  it("needs the journal to end with the newest version, on one partition", () => {
    const [first, ...others] = good.journal;
    expect(audit({ ...good, journal: [...others, first!] })).toEqual([
      "m-1: the journal ends with v1",
    ]);
    const moved = { ...first!, partition: 7 };
    expect(audit({ ...good, journal: [moved, ...others] })).toEqual([
      "m-1: its journal lies on two partitions",
    ]);
  });
});
