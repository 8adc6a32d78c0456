// Every kind of setting that is put as it stands, by its collection, with an example of it. They
// stand in an order in which the examples can be made: each names only what stands before it.
import { bodies } from "#libs/settings/setting.ts";

const rule = { name: "SMS", type: "SMS", sendId: "ACME" };
const template = { channel: "whatsapp", name: "order_update", language: "en", category: "utility" };
const codeRule = { provider: "twilio", code: "30003", leadsTo: "STOP" };
const price = { channel: "sms", country: "SG", perUnit: 450, currency: "EUR", chargedOn: "submit" };

export const COLLECTIONS = {
  channels: {
    kind: "channel",
    tag: "Channels",
    noun: "Channel",
    words: { one: "a channel", many: "channels" },
    example: { name: "sms", body: { senders: ["ACME"], smsFallback: true, enabled: true } },
  },
  "sms-senders": {
    kind: "sms-sender",
    tag: "SMS senders",
    noun: "SmsSender",
    words: { one: "an SMS sender", many: "SMS senders" },
    example: { name: "ACME-SG", body: {} },
  },
  "sms-templates": {
    kind: "sms-template",
    tag: "SMS templates",
    noun: "SmsTemplate",
    words: { one: "an SMS template", many: "SMS templates" },
    example: { name: "order-update", body: { text: "Your order {{1}} is on its way." } },
  },
  "fallback-rules": {
    kind: "fallback-rule",
    tag: "Fallback rules",
    noun: "FallbackRule",
    words: { one: "a fallback rule", many: "fallback rules" },
    idPrefix: "R_",
    example: { name: "R_000001", body: rule },
  },
  "fallback-policies": {
    kind: "fallback-policy",
    tag: "Fallback policies",
    noun: "FallbackPolicy",
    words: { one: "a fallback policy", many: "fallback policies" },
    idPrefix: "S_",
    example: { name: "S_000001", body: { name: "Whatever fails goes by SMS", rule: "R_000001" } },
  },
  templates: {
    kind: "template",
    tag: "Templates",
    noun: "Template",
    words: { one: "a template", many: "templates" },
    example: { name: "order_update.en", body: template },
  },
  "code-rules": {
    kind: "code-rule",
    tag: "Code rules",
    noun: "CodeRule",
    words: { one: "a code rule", many: "code rules" },
    example: { name: "twilio-30003", body: codeRule },
  },
  prices: {
    kind: "price",
    tag: "Prices",
    noun: "Price",
    words: { one: "a price", many: "prices" },
    example: { name: "sms-SG", body: price },
  },
} as const satisfies Record<string, { kind: keyof typeof bodies; [more: string]: unknown }>;
