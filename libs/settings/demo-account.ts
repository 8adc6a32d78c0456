// The account that the product comes with where the embedded API key is good.
import { channels } from "#libs/contracts/topics.ts";
import type { SettingsView } from "./connect-settings.ts";
import { type AnySetting, type BodyOf, type Kind, withBody } from "./setting.ts";
import type { SettingsWriter } from "./settings-writer.ts";

export const DEMO_ACCOUNT_ID = "demo";
const SENDER = "FALLTHRU";
const FLOW = "whatsapp-then-sms";

const account: BodyOf<"account"> = {
  name: "Demonstration",
  guid: "de300000-0000-4000-8000-000000000001",
  defaultWaitSeconds: 300,
  smsSegmentsMax: 1,
};
const next = { wanted: "DELIVERED", onFailure: "NEXT" } as const;
const flow: BodyOf<"flow"> = {
  published: 1,
  versions: [
    {
      version: 1,
      steps: [
        { channel: "whatsapp", ...next },
        { channel: "sms", ...next },
      ],
      publishedAt: "2026-11-01T00:00:00.000Z",
    },
  ],
};

/** Made up, in the range of what carriers ask for in 2026: 0.045 EUR an SMS. */
const prices: BodyOf<"price">[] = [
  { channel: "whatsapp", perUnit: 350, currency: "EUR", chargedOn: "delivery" },
  { channel: "viber", perUnit: 200, currency: "EUR", chargedOn: "delivery" },
  { channel: "rcs", perUnit: 250, currency: "EUR", chargedOn: "delivery" },
  { channel: "sms", perUnit: 450, currency: "EUR", chargedOn: "submit" },
];

/** In the order in which they can be made: each names only what stands before it. */
export const demoSettings: readonly AnySetting[] = [
  demo("account", DEMO_ACCOUNT_ID, account),
  ...channels.map((channel) =>
    demo("channel", channel, { senders: [SENDER], smsFallback: true, enabled: true }),
  ),
  demo("fallback-rule", "R_000001", { name: "SMS", type: "SMS", sendId: SENDER }),
  demo("fallback-policy", "S_000001", { name: "Whatever fails goes by SMS", rule: "R_000001" }),
  demo("flow", FLOW, flow),
  ...prices.map((price) => demo("price", price.channel, price)),
  demo("account", DEMO_ACCOUNT_ID, { ...account, defaultFlow: FLOW }),
];

/** Makes the account unless it is there; a process that died while making it is completed. */
export async function seedDemoAccount(view: SettingsView, writer: SettingsWriter): Promise<void> {
  if (view.findAccount(DEMO_ACCOUNT_ID)?.defaultFlow.length) return;
  for (const setting of demoSettings) {
    const { accountId, kind, name, body } = setting;
    const isLast = setting === demoSettings.at(-1);
    await writer.change({
      place: { accountId, kind, name },
      expected: "anything",
      by: "embedded",
      next: (current) => (current && !isLast ? current : body),
    });
  }
}

function demo<K extends Kind>(kind: K, name: string, body: BodyOf<K>): AnySetting {
  const stamp = { revision: 0, changedAt: 0, changedBy: "embedded" };
  return withBody({ accountId: DEMO_ACCOUNT_ID, kind, name, ...stamp }, body);
}
