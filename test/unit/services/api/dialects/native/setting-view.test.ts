import { expect, it } from "vitest";
import { withBody } from "#libs/settings/setting.ts";
import { settingView } from "#services/api/dialects/native/settings/setting-view.ts";

const [guid, receiptKey] = ["a".repeat(32), "b".repeat(32)];

function shown(provider: string, more: object = {}) {
  const stamp = { revision: 1, changedAt: 0, changedBy: "demo/k" };
  const place = { accountId: "demo", kind: "connection", name: "main" } as const;
  const body = { provider, enabled: true, options: {}, guid, sealedCredentials: "sealed" };
  return settingView(withBody({ ...place, ...stamp }, { ...body, ...more }));
}

it("shows where a connection's receipts go, and neither its guid nor what is sealed", () => {
  const view = shown("infobip", { receiptKey });
  expect(view).toMatchObject({ receiptsPath: `/receipts/infobip/${receiptKey}` });
  expect(JSON.stringify(view)).not.toMatch(/sealed|aaaa/);
  // The provider of one of before knows its address already.
  expect(shown("infobip")).toMatchObject({ receiptsPath: `/receipts/infobip/${guid}` });
});

it("shows no address where receipts come on the line of the calls", () => {
  expect(shown("smpp", { receiptKey })).not.toHaveProperty("receiptsPath");
});
