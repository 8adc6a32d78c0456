// When a consumer asks Kafka for the end of the settings, and when it does not.
import { expect, it } from "vitest";
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { nothingOwn } from "#libs/contracts/own-of-step.ts";
import { nameAwaiter } from "#libs/judgement/unknown-names.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { storedRequest } from "#test/support/stored-request.ts";
import { templateSetting } from "#test/support/template-setting.ts";

function counted() {
  let count = 0;
  const otp = templateSetting({ name: "otp", category: "authentication", ttlSeconds: 600 });
  const view = { ...demoView(otp), caughtUp: async () => ++count };
  const awaitNames = nameAwaiter(view);
  return async (...requests: Partial<SendRequest>[]) => {
    await awaitNames(requests.map((more) => storedRequest(more)));
    return count;
  };
}

const step = storedRequest().steps[0] ?? {
  channel: "whatsapp",
  sender: null,
  waitSeconds: 60,
  wanted: "READ",
  onFailure: "NEXT",
  ttlSeconds: null,
  ...nothingOwn,
};
const template = (name: string) => ({
  ...storedRequest().content,
  type: "TEMPLATE" as const,
  richJson: JSON.stringify({ template: { name, language: "en" } }),
});

it.each<[string, Partial<SendRequest>]>([
  ["an account", { accountId: "new" }],
  ["a flow", { steps: [], flowId: "new" }],
  ["a channel", { steps: [{ ...step, channel: "new" }] }],
  ["a sender", { steps: [{ ...step, sender: "NEW" }] }],
  ["a template", { content: template("new") }],
])("catches up with the settings for %s that is not known", async (_, request) => {
  expect(await counted()(request)).toBe(1);
});

it.each<[string, Partial<SendRequest>]>([
  ["all is known", { content: template("otp") }],
  ["a text is too long for its SMS", { steps: [{ ...step, channel: "sms" }] }],
  ["nobody is to be reached", { recipient: { msisdn: null, country: null, channelUserIds: {} } }],
  ["a wait is impossible", { steps: [{ ...step, waitSeconds: 0 }] }],
])("does not where %s", async (_, more) => {
  const content = { ...storedRequest().content, text: "x".repeat(161) };
  expect(await counted()({ content, ...more })).toBe(0);
});

it("catches up once for many, and not again for names that were missing a moment ago", async () => {
  const ask = counted();
  const bad = Array.from({ length: 512 }, (_, index) => ({ accountId: `new-${index}` }));
  expect(await ask(...bad)).toBe(1);
  expect(await ask(...bad)).toBe(1);
  expect(await ask(...bad, { accountId: "another" })).toBe(2);
});
