// What a template may ask for.
import { addressOf } from "#libs/contracts/address-of.ts";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { parseJson } from "#libs/json/parse-json.ts";
import type { Secrets } from "./access.ts";

/** `to` is E.164, or a person's id on the channel; `content` the rich content, as its sender wrote it. */
const NAMES = [
  "to",
  "toDigits",
  "from",
  "text",
  "contentType",
  "content",
  "channel",
  "commandId",
  "messageId",
  "ttlSeconds",
  "ttlMinutes",
  "receiptsUrl",
] as const;
type Name = (typeof NAMES)[number];

export const placeholderNames: ReadonlySet<string> = new Set(NAMES);
export const SECRETS = "secrets.";

/** Undefined where there is nothing to say. */
export type Values = ReadonlyMap<string, unknown>;

/** The values of a command; undefined for a person who has no address on its channel. */
export function valuesOf(
  command: DispatchCommand,
  { secrets, receiptsUrl }: { secrets: Values; receiptsUrl: string | undefined },
): Values | undefined {
  const { channel, recipient, sender, content, ttlSeconds, commandId, messageId } = command;
  const to = addressOf(recipient, channel);
  if (to === undefined) return undefined;
  const values: Record<Name, unknown> = {
    to,
    toDigits: to.replace(/^\+/, ""),
    from: sender ?? undefined,
    text: content.text ?? undefined,
    contentType: content.type,
    content: content.richJson === null ? undefined : parseJson(content.richJson),
    channel,
    commandId,
    messageId,
    ttlSeconds: ttlSeconds ?? undefined,
    // No gateway may try longer than the step.
    ttlMinutes: ttlSeconds === null ? undefined : Math.max(1, Math.floor(ttlSeconds / 60)),
    receiptsUrl,
  };
  return new Map([...Object.entries(values), ...secrets]);
}

/** Under the names that templates have for them. */
export function secretValues(secrets: Secrets): Values {
  return new Map(Object.entries(secrets).map(([name, value]) => [`${SECRETS}${name}`, value]));
}
