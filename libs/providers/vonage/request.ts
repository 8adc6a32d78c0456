// A command as Vonage takes it: `POST /v1/messages` (OpenAPI of Messages 1.4.0).
import { addressOf } from "#libs/contracts/address-of.ts";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import type { JsonObject } from "#libs/json/json-object.ts";
import { rcsMessage, smsMessage } from "./text-and-media.ts";
import { viberMessage } from "./viber-message.ts";
import { whatsappMessage } from "./whatsapp-message.ts";

type Content = DispatchCommand["content"];
type Shape = {
  channel: string;
  /** Undefined for what Vonage has no words for. */
  messageOf: (content: Content) => JsonObject | undefined;
  /** What Vonage takes, seconds; absent: the channel has none. */
  ttl?: { min: number; max: number };
};

const SHAPES: Readonly<Record<string, Shape>> = {
  sms: { channel: "sms", messageOf: smsMessage, ttl: { min: 20, max: 604_800 } },
  whatsapp: { channel: "whatsapp", messageOf: whatsappMessage },
  viber: { channel: "viber_service", messageOf: viberMessage, ttl: { min: 30, max: 259_200 } },
  rcs: { channel: "rcs", messageOf: rcsMessage, ttl: { min: 20, max: 259_200 } },
};

/** Vonage's limit; a commandId has some 40. */
const CLIENT_REF_LENGTH_MAX = 100;

/**
 * Undefined for a person who has no address there; null for what Vonage cannot say. Nothing follows by
 * itself: there is no `failover`. `reportUrl` undefined: the application's own status URL hears of it.
 */
export function vonageBody(
  command: DispatchCommand,
  reportUrl: string | undefined,
): JsonObject | undefined | null {
  const { channel, recipient, sender, commandId, content, ttlSeconds } = command;
  const to = addressOf(recipient, channel);
  if (to === undefined) return undefined;
  const shape = SHAPES[channel];
  const message = shape?.messageOf(content);
  if (!shape || !message) return null;
  return {
    channel: shape.channel,
    to: withoutPlus(to),
    from: withoutPlus(sender ?? ""),
    ...withTtl(message, shape, ttlSeconds),
    ...(commandId.length <= CLIENT_REF_LENGTH_MAX && { client_ref: commandId }),
    ...(reportUrl !== undefined && { webhook_url: reportUrl, webhook_version: "v1" }),
  };
}

/** Viber's stands among what is Viber's own. */
function withTtl(message: JsonObject, { channel, ttl }: Shape, seconds: number | null): JsonObject {
  if (seconds === null || !ttl) return message;
  const said = { ttl: Math.min(Math.max(seconds, ttl.min), ttl.max) };
  if (channel !== "viber_service") return { ...message, ...said };
  return { ...message, viber_service: { ...Object(message["viber_service"]), ...said } };
}

function withoutPlus(address: string): string {
  return address.replace(/^\+/, "");
}
