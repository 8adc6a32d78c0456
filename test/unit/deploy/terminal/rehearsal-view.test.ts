import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { toRehearsed } from "#deploy/terminal/commands/rehearse.ts";
import { showRehearsals } from "#deploy/terminal/rehearsal-view.ts";

const late = { channel: "whatsapp", behaviour: "late" };
const succeeded = {
  behaviours: [late, { channel: "sms", behaviour: "delivered" }],
  outcome: "SUCCEEDED",
  channel: "sms",
  durationMs: 302_000,
  duplicateRisk: "certain" as const,
  duplicateReason: "WhatsApp and SMS reach the person.",
  cost: { amount: 450, currency: "SGD" },
  story: [
    { afterMs: 0, type: "REQUEST_ACCEPTED", text: "Accepted." },
    { afterMs: 302_000, type: "MESSAGE_ENDED", text: "Succeeded by SMS.", channel: "sms" },
  ],
};

it("tells the story of the only way with its cost and its risk", () => {
  expect(shown({ rehearsals: [succeeded] })).toEqual([
    "Rehearsal: WhatsApp late, SMS delivered",
    "",
    "    0.00 s            Accepted.",
    "  302.00 s  SMS       Succeeded by SMS.",
    "",
    "succeeded · after 5 min 2 s · cost 0.045 SGD",
    "WhatsApp and SMS reach the person.",
  ]);
});

it("tells of many ways how they end, the slowest and who may get it twice", () => {
  const slow = { durationMs: 302_000, behaviours: succeeded.behaviours };
  const summary = {
    rehearsalCount: 12,
    endings: [{ count: 12, rehearsalIndex: 0 }],
    worst: slow,
    slowestSuccess: slow,
    duplicates: { risk: "certain" as const, by: [late] },
  };
  expect(shown({ rehearsals: [succeeded], summary })).toEqual([
    "12 ways through it, by how they end:",
    "",
    "  12 ways  succeeded by SMS, reached twice",
    "           5 min 2 s: WhatsApp late, SMS delivered",
    "",
    "Slowest success: 5 min 2 s (WhatsApp late, SMS delivered)",
    "Slowest ending:  5 min 2 s (WhatsApp late, SMS delivered)",
    "Getting it twice is certain: WhatsApp late.",
  ]);
});

it("takes steps with no content for a flow, everything else for a message", () => {
  const steps = [{ channel: "sms" }];
  expect(toRehearsed({ name: "OTP", steps }, {})).toEqual({ flow: { name: "OTP", steps } });
  expect(toRehearsed({ steps, content: {} }, {})).toEqual({ message: { steps, content: {} } });
});

it("takes a vendor's request for a message, and what says its dialect itself for a flow", () => {
  const request = { input: {} };
  const named = { dialect: "kaleyra", flow: "instance" } as const;
  expect(toRehearsed(request, named)).toEqual({
    dialect: "kaleyra",
    message: request,
    flowId: "instance",
  });
  const flow = { dialect: "8x8", channels: [] };
  expect(toRehearsed(flow, {})).toEqual({ flow });
  expect(() => toRehearsed(flow, { flow: "otp" })).toThrow("Give either a file or --flow.");
});

function shown(answer: Parameters<typeof showRehearsals>[0]): string[] {
  return stripVTControlCharacters(showRehearsals(answer)).split("\n");
}
