// A flow of account `demo` as Kaleyra's wizard leaves it, with the templates that it names.
import type { FlowSetting } from "#libs/settings/bodies/flow.ts";
import { type AnySetting, type BodyOf, type Kind, withBody } from "#libs/settings/setting.ts";
import { demoView } from "#test/support/demo-settings.ts";

const setting = <K extends Kind>(kind: K, name: string, body: BodyOf<K>): AnySetting =>
  withBody({ accountId: "demo", kind, name, revision: 1, changedAt: 0, changedBy: "test" }, body);

const whatsapp = { channel: "whatsapp", language: "en", category: "utility" } as const;
const orderText = "Hello {{1}}, your order {{2}} is on its way.";

export const kaleyraTemplates: readonly AnySetting[] = [
  setting("template", "order.en", { ...whatsapp, name: "order", text: orderText }),
  setting("template", "named.en", { ...whatsapp, name: "named", text: "Hello {{name}}." }),
  setting("template", "unseen.en", { ...whatsapp, name: "unseen" }),
  setting("template", "photo.en", { ...whatsapp, name: "photo", format: "media" }),
  setting("template", "waiting.en", { ...whatsapp, name: "waiting", status: "pending" }),
  setting("template", "code.en", {
    ...whatsapp,
    name: "code",
    category: "authentication",
    format: "interactive",
    text: "{{1}} is your code.",
  }),
  setting("sms-template", "order-sms", { text: "Order {{order}} of {{ name }} is on its way." }),
  setting("sms-template", "plain-sms", { text: "Your order is on its way." }),
  setting("sms-template", "refused-sms", { text: "Hello", status: "rejected" }),
];

/** The account with these templates, and with `flows` by their ids. */
export function kaleyraAccount(flows: Readonly<Record<string, FlowSetting>> = {}) {
  const made = Object.entries(flows).map(([id, flow]) => setting("flow", id, flow));
  return demoView(...kaleyraTemplates, ...made).findAccount("demo")!;
}

const usual = { sender: "FALLTHRU", wanted: "DELIVERED", onFailure: "NEXT" } as const;

export function publishedFlow(
  whatsappTemplate = "order.en",
  smsTemplate = "order-sms",
): FlowSetting {
  const steps = [
    { channel: "whatsapp" as const, template: whatsappTemplate, waitSeconds: 60, ...usual },
    { channel: "sms" as const, template: smsTemplate, waitSeconds: 90, ...usual },
  ];
  const publishedAt = "2026-11-01T00:00:00.000Z";
  return { name: "Orders", published: 1, versions: [{ version: 1, steps, publishedAt }] };
}
