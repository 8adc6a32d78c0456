// A command as Twilio takes it: the form of `POST /2010-04-01/Accounts/{sid}/Messages.json`.
import { addressOf } from "#libs/contracts/address-of.ts";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import { parseJson } from "#libs/json/parse-json.ts";
import type { TwilioOptions } from "./access.ts";

/** How an address begins that is no phone number's own. */
const PREFIXES: Readonly<Record<string, string>> = { whatsapp: "whatsapp:", rcs: "rcs:" };
/** Seconds that a message may lie in Twilio's queue; the longest is Twilio's default. */
const VALIDITY_SECONDS = { min: 1, max: 36_000 };
const CONTENT_SID = /^HX[0-9a-fA-F]{32}$/;

/** Undefined for a person who has no address there; null for what Twilio cannot say. */
export function twilioForm(
  command: DispatchCommand,
  {
    messagingServiceSid,
    statusCallback,
  }: Pick<TwilioOptions, "messagingServiceSid"> & { statusCallback: string },
): URLSearchParams | undefined | null {
  const { channel, recipient, sender, ttlSeconds, content } = command;
  const to = addressOf(recipient, channel);
  if (to === undefined) return undefined;
  const said = contentOf(content);
  if (!said) return null;
  const prefix = PREFIXES[channel] ?? "";
  const isOfService = channel === "sms" && messagingServiceSid !== undefined;
  return new URLSearchParams({
    To: withPrefix(prefix, to),
    ...(isOfService
      ? { MessagingServiceSid: messagingServiceSid }
      : { From: withPrefix(prefix, sender ?? "") }),
    ...said,
    StatusCallback: statusCallback,
    ...(ttlSeconds !== null && { ValidityPeriod: `${validity(ttlSeconds)}` }),
    // Twilio would write the text anew: what was judged is what is sent.
    ...(channel === "sms" && { SmartEncoded: "false" }),
  });
}

/** A text; a template of Twilio's, by its Content SID; a medium by its URL, with the text as caption. */
function contentOf({ type, text, richJson }: DispatchCommand["content"]) {
  const parsed = parseJson(richJson ?? "{}");
  const rich = isObject(parsed) ? parsed : {};
  if (type === "TEXT") return { Body: text ?? "" };
  if (type === "TEMPLATE" && isObject(rich["template"])) return templateOf(rich["template"]);
  const { url } = rich;
  if (typeof url !== "string") return undefined;
  return { MediaUrl: url, ...(text ? { Body: text } : {}) };
}

function templateOf({ name, components }: JsonObject) {
  if (typeof name !== "string" || !CONTENT_SID.test(name)) return undefined;
  const all = Array.isArray(components) ? components.filter(isObject) : [];
  const parameters = all.flatMap((each) =>
    Array.isArray(each["parameters"]) ? each["parameters"] : [],
  );
  const texts = parameters.map((each: unknown) => (isObject(each) ? each["text"] : ""));
  const variables = Object.fromEntries(texts.map((each, index) => [`${index + 1}`, each]));
  return {
    ContentSid: name,
    ...(texts.length > 0 && { ContentVariables: JSON.stringify(variables) }),
  };
}

function withPrefix(prefix: string, address: string): string {
  return address.startsWith(prefix) ? address : `${prefix}${address}`;
}

function validity(seconds: number): number {
  return Math.min(Math.max(seconds, VALIDITY_SECONDS.min), VALIDITY_SECONDS.max);
}
