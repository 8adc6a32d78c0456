// Which ids an attempt has is said by its acceptance and by its link, and by no other report.
import { describe, expect, it } from "vitest";
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import type { Verdict } from "#libs/provider-ids/provider-ids.ts";
import { blankReport } from "#libs/providers/blank-report.ts";
import { joinedInput } from "#services/status-report-consumer/joined-input.ts";

const said = { provider: "simulated-sms", channel: "sms", providerMessageId: "z", receivedAt: 1 };

const link = { messageId: "m", attemptIndex: 0, providerMessageIds: ["z", "y"] };

function inputOf(status: StatusReport["status"], verdict: Verdict) {
  const named = { messageId: "m", attemptIndex: 0, providerMessageIds: ["z", "w"] };
  const report = { ...blankReport(said), ...named, reportId: "r", status };
  return joinedInput(report, verdict);
}

function listed(status: StatusReport["status"], verdict: Verdict): string[] | undefined {
  const input = inputOf(status, verdict);
  return "report" in input ? input.report.providerMessageIds : undefined;
}

it.each([
  ["is linked where the dispatcher has said whose it is", link, true],
  ["is not where nobody has", "unknown", false],
  ["is not where it is another's", { ...link, messageId: "other" }, false],
] as const)("the id of a report %s", (_, verdict, isLinked) => {
  expect(inputOf("ACCEPTED", verdict)).toMatchObject({ isLinked });
});

describe("the ids that a report lists", () => {
  it.each(["FAILED", "DELIVERED", "SENT", "UNKNOWN"] as const)("are none in %s", (status) => {
    expect(listed(status, "unknown")).toEqual([]);
  });

  it("are the attempt's in ACCEPTED", () => {
    expect(listed("ACCEPTED", "unknown")).toEqual(["z", "w"]);
  });

  it("are those of the link, where there is one, whatever it says itself", () => {
    expect(listed("FAILED", link)).toEqual(["z", "y"]);
    expect(listed("FAILED", { ...link, providerMessageIds: [] })).toEqual([]);
  });
});
