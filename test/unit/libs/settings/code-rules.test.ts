import { expect, it } from "vitest";
import { codeRuleName, whereCodeLeads } from "#libs/settings/code-rules.ts";

const rules = [
  { provider: "twilio", code: "30003", leadsTo: "STOP" },
  { provider: "infobip", code: "error-1", leadsTo: "RETRY" },
  { provider: "infobip", channel: "viber", code: "error-1", leadsTo: "NEXT" },
] as const;
const account = { codeRules: new Map(rules.map((rule) => [codeRuleName(rule), rule])) };

it.each([
  ["a connection's code", { provider: "twilio.0f3c", channel: "sms", code: "30003" }, "STOP"],
  ["another code", { provider: "twilio.0f3c", channel: "sms", code: "30004" }, undefined],
  ["another provider's", { provider: "smpp.0f3c", channel: "sms", code: "30003" }, undefined],
  ["all channels", { provider: "infobip.1", channel: "sms", code: "error-1" }, "RETRY"],
  ["one channel before all", { provider: "infobip.1", channel: "viber", code: "error-1" }, "NEXT"],
] as const)("a rule is found for %s", (_, coded, expected) => {
  expect(whereCodeLeads(account, coded)).toBe(expected);
});
