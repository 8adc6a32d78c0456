// The auditor misses nothing that was planted between what was asked for and what was done.
import { describe, expect, it } from "vitest";
import type {
  DispatchCommand,
  JournalEntry,
  SendRequest,
} from "#libs/contracts/generated/types.ts";
import { audit } from "#test/support/audit.ts";
import { report as reported, sent, step, threeSteps } from "#test/support/journal-entry.ts";
import { ledgerOf, recipient, recorded, retold } from "#test/support/planted-ledger.ts";

const good = ledgerOf();

describe("what was asked for", () => {
  const command = good.commands[1]!.value;
  const others: Partial<DispatchCommand>[] = [
    { channel: "sms" },
    { waitMs: 59_999 },
    { recipient: { ...recipient, msisdn: "+6599990001" } },
  ];
  it.each(others)("allows no command with another %o", (changed) => {
    const [first, , third] = good.commands;
    const commands = [first!, recorded({ ...command, ...changed }), third!];
    expect(audit({ ...good, commands })).toEqual(["command m-1:1 is not what was asked for"]);
  });

  it("takes the person whom a step names", () => {
    const other = { ...recipient, msisdn: "+6599990001" };
    const steps = [{}, { recipient: other }].map((each) => ({ recipient: null, ...each }));
    const requests = [recorded({ ...good.requests[0]!.value, steps } as SendRequest)];
    expect(audit({ ...good, requests })).toEqual(["command m-1:1 is not what was asked for"]);
    const commands = good.commands.map((each) =>
      each.value === command ? recorded({ ...command, recipient: other }) : each,
    );
    expect(audit({ ...good, requests, commands })).toEqual([]);
  });

  it("allows no record under another message's key", () => {
    const commands = good.commands.map((each) => ({ ...each, key: "m-2" }));
    expect(audit({ ...good, commands })).toContain("a record of m-1 lies under the key of m-2");
  });

  it("allows no wait that is armed too short", () => {
    const short = retold((story) =>
      story.map((event) =>
        event.rule === "first-step" ? { ...event, dueAt: event.dueAt! - 1 } : event,
      ),
    );
    expect(audit(short)).toEqual(["m-1: step 0 is given 59999 ms, and not 60000"]);
  });

  it.each([
    ["SUCCEEDED", [sent(threeSteps), reported(0, "SENT", 100), reported(0, "READ", 200)]],
    ["EXHAUSTED", [sent([step("sms", null, "DELIVERED")]), reported(0, "FAILED", 100)]],
  ] as const)("allows no other last word than %s where it is true", (outcome, given) => {
    const ledger = ledgerOf(given);
    expect(audit(ledger)).toEqual([]);
    const last = ledger.journal.at(-1)!.value;
    expect(last.state.outcome).toBe(outcome);
    const state = { ...last.state, outcome: outcome === "SUCCEEDED" ? "EXPIRED" : "SUCCEEDED" };
    const journal = [recorded({ ...last, state } as JournalEntry)];
    expect(audit({ ...ledger, journal })).toEqual([`m-1 is ${state.outcome} and is not`]);
  });

  it("takes a success for one, whatever failed after it", () => {
    const steps = [step("sms", null, "SENT")];
    const given = [sent(steps), reported(0, "SENT", 100), reported(0, "UNDELIVERED", 200)];
    expect(audit(ledgerOf(given))).toEqual([]);
  });

  it("allows no giving up with steps left", () => {
    const ledger = ledgerOf([sent([step("sms", null, "DELIVERED")]), reported(0, "FAILED", 100)]);
    const last = ledger.journal.at(-1)!.value;
    const state = { ...last.state, steps: [...last.state.steps, step("viber", null, "READ")] };
    const journal = [recorded({ ...last, state })];
    expect(audit({ ...ledger, journal })).toEqual(["m-1 was given up with steps left"]);
  });

  it("allows no outcome by another channel than its attempt's", () => {
    const outcomes = good.outcomes.map(({ value }) => recorded({ ...value, channel: "rcs" }));
    expect(audit({ ...good, outcomes })).toEqual([
      "outcome m-1#1 names another attempt's channel",
      "outcome m-1#2 names another attempt's channel",
    ]);
  });
});
