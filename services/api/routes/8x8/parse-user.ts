// `user`: the person to reach.
import { isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/min";
import type { Recipient } from "#libs/contracts/generated/types.ts";
import { type JsonObject, member, parseObject } from "./json-value.ts";
import { Refusal } from "./refusal.ts";

/** E.164: fifteen digits at most; the shortest numbers in use have seven. */
const E164 = /^\+?([1-9]\d{6,14})$/;
/** People write numbers with these between the digits. */
const SEPARATORS = /[\s().-]/g;
/** No number in any notation is longer, and no id of a channel. */
const ADDRESS_LENGTH_MAX = 128;

/** Ids of a person on one channel, by 8x8's member. */
const CHANNEL_IDS = [
  ["channelUserId", "whatsapp"],
  ["lineUserId", "line"],
] as const;

export function parseUser(value: unknown): Recipient {
  if (value === undefined) throw new Refusal(3001);
  const user = parseObject(value, 3001, "user");
  const channelUserIds = parseChannelIds(user);
  const msisdn = member(user, "msisdn");
  const country = parseCountry(member(user, "country"));
  if (msisdn !== undefined)
    return { msisdn: parseMsisdn(msisdn, country), country, channelUserIds };
  if (Object.keys(channelUserIds).length === 0) throw new Refusal(3002);
  return { msisdn: null, country, channelUserIds };
}

function parseChannelIds(user: JsonObject): Record<string, string> {
  const ids = CHANNEL_IDS.flatMap(([name, channel]) => {
    const id = member(user, name);
    return typeof id === "string" && isAddress(id) ? [[channel, id]] : [];
  });
  return Object.fromEntries(ids);
}

/** 8x8's documentation writes `uk` for the country whose ISO code is GB. */
function parseCountry(value: unknown): string | null {
  if (value === undefined || value === "") return null;
  const code = typeof value === "string" ? value.toUpperCase() : "";
  const country = code === "UK" ? "GB" : code;
  if (isSupportedCountry(country)) return country;
  throw new Refusal(3018, "user.country must be an ISO 3166 code of two letters.");
}

function parseMsisdn(value: unknown, country: string | null): string {
  const number = typeof value === "string" && isAddress(value) ? e164(value, country) : null;
  if (number) return number;
  throw new Refusal(3003, "user.msisdn must be a number in E.164, such as +6591234567.");
}

function e164(value: string, country: string | null): string | null {
  const written = value.replaceAll(SEPARATORS, "");
  if (country !== null && !written.startsWith("+")) return fromLocal(written, country);
  const digits = E164.exec(written)?.[1];
  return digits ? `+${digits}` : null;
}

/** A number as it is dialled in its country. */
function fromLocal(written: string, country: string): string | null {
  if (!isSupportedCountry(country)) return null;
  const number = parsePhoneNumberFromString(written, country);
  return number?.isPossible() ? number.number : null;
}

function isAddress(text: string): boolean {
  return text !== "" && text.length <= ADDRESS_LENGTH_MAX;
}
