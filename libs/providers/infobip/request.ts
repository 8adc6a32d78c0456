// A command as Infobip takes it: one shape for SMS, Viber and RCS; WhatsApp has an endpoint for each type.
import { addressOf } from "#libs/contracts/address-of.ts";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import type { JsonObject } from "#libs/json/json-object.ts";
import { messageIdOf } from "./message-id.ts";
import { rcsContent } from "./rcs/content.ts";
import { viberContent } from "./viber-content.ts";
import { whatsappMessage } from "./whatsapp/message.ts";

export type InfobipRequest = { path: string; body: JsonObject };

type Content = DispatchCommand["content"];

const SAME_SHAPE: Readonly<
  Record<string, { path: string; contentOf: (content: Content) => JsonObject | undefined }>
> = {
  sms: { path: "/sms/3/messages", contentOf: ({ text }) => ({ text: text ?? "" }) },
  viber: { path: "/viber/2/messages", contentOf: viberContent },
  rcs: { path: "/rcs/2/messages", contentOf: rcsContent },
};

/** Infobip's longest: what is above is cut to it. */
const VALIDITY_SECONDS_MAX = 48 * 3_600;

/** Which connection asks. */
type By = { provider: string; reportUrl: string | undefined };

/**
 * Undefined for a person who has no address there; null for what Infobip cannot say. `reportUrl`:
 * where Infobip is to post what becomes of it; undefined leaves that to the account's subscriptions.
 */
export function infobipRequest(
  command: DispatchCommand,
  by: By,
): InfobipRequest | undefined | null {
  const to = addressOf(command.recipient, command.channel)?.replace(/^\+/, "");
  if (to === undefined) return undefined;
  const addressed = { command, to, ...by };
  return command.channel === "whatsapp" ? toWhatsapp(addressed) : inSameShape(addressed);
}

type Addressed = By & { command: DispatchCommand; to: string };

function inSameShape({ command, to, provider, reportUrl }: Addressed): InfobipRequest | null {
  const { channel, sender, ttlSeconds, commandId } = command;
  const shape = SAME_SHAPE[channel];
  const content = shape?.contentOf(command.content);
  if (!shape || !content) return null;
  const message = {
    ...(sender !== null && { sender }),
    destinations: [{ to, messageId: messageIdOf(command, provider) }],
    content,
    ...(ttlSeconds !== null && { options: { validityPeriod: validityOf(ttlSeconds) } }),
    webhooks: { ...reportsTo(reportUrl, channel), callbackData: commandId },
  };
  return { path: shape.path, body: { messages: [message] } };
}

function toWhatsapp({ command, to, provider, reportUrl }: Addressed): InfobipRequest | null {
  const { content, sender, commandId } = command;
  const said = whatsappMessage(content);
  if (!said) return null;
  const message = {
    from: (sender ?? "").replace(/^\+/, ""),
    to,
    messageId: messageIdOf(command, provider),
    content: said.content,
    callbackData: commandId,
    ...(reportUrl !== undefined && { notifyUrl: reportUrl }),
  };
  const isTemplate = said.type === "template";
  return {
    path: `/whatsapp/1/message/${said.type}`,
    body: isTemplate ? { messages: [message] } : message,
  };
}

/** An SMS is never seen. */
function reportsTo(url: string | undefined, channel: string) {
  if (url === undefined) return {};
  const contentType = "application/json";
  return { delivery: { url }, contentType, ...(channel !== "sms" && { seen: { url } }) };
}

function validityOf(ttlSeconds: number) {
  return { amount: Math.min(ttlSeconds, VALIDITY_SECONDS_MAX), timeUnit: "SECONDS" };
}
