// What the wizard's lists offer for a channel: who it can be sent from, and what can be said, which is an
// approved template, of WhatsApp one of text or authentication.
import type { Account } from "#libs/settings/account.ts";

/** Kaleyra's channels, under its names and ours. */
export const flowChannels = ["sms", "whatsapp"] as const;
export type FlowChannel = (typeof flowChannels)[number];

export function isFlowChannel(channel: string): channel is FlowChannel {
  return flowChannels.some((each) => each === channel);
}

/** A template by its id, with its words where they are known. */
export type Choice = { template: string; preview?: string };

/** The senders that the account has configured on the channel. */
export function sendersOf(channel: FlowChannel, { channels, smsSenders }: Account): string[] {
  const registered = channel === "sms" ? smsSenders : [];
  return [...new Set([...(channels.get(channel)?.senders ?? []), ...registered])];
}

/** The templates that a step on the channel may say. */
export function templatesOf(channel: FlowChannel, account: Account): Choice[] {
  return channel === "sms" ? smsTemplates(account) : whatsappTemplates(account);
}

export function findTemplate(
  channel: FlowChannel,
  template: string | undefined,
  account: Account,
): Choice | undefined {
  return templatesOf(channel, account).find((choice) => choice.template === template);
}

function smsTemplates({ smsTemplates: all }: Account): Choice[] {
  return [...all]
    .filter(([, { status = "approved" }]) => status === "approved")
    .map(([template, { text }]) => ({ template, preview: text }));
}

function whatsappTemplates({ templates }: Account): Choice[] {
  return [...templates]
    .filter(([, { status = "approved", format = "text", category }]) => {
      return status === "approved" && (format === "text" || category === "authentication");
    })
    .map(([template, { text }]) => ({ template, ...(text !== undefined && { preview: text }) }));
}
