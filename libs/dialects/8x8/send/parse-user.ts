// `user`: the person to reach.
import type { Recipient } from "#libs/contracts/generated/types.ts";
import { ADDRESS_LENGTH_MAX } from "#libs/contracts/limits.ts";
import { member, parseObject } from "#libs/dialects/8x8/json-value.ts";
import { Refusal } from "#libs/dialects/8x8/refusal.ts";
import { userIds } from "#libs/dialects/8x8/user-ids.ts";
import type { JsonObject } from "#libs/json/json-object.ts";
import { parseCountry, parseNumber } from "#libs/phone-numbers/parse-number.ts";

export function parseUser(value: unknown): Recipient {
  if (value === undefined) throw new Refusal(3001);
  const user = parseObject(value, 3001, "user");
  const channelUserIds = parseChannelIds(user);
  const msisdn = member(user, "msisdn");
  const country = parseUserCountry(member(user, "country"));
  if (msisdn !== undefined)
    return { msisdn: parseMsisdn(msisdn, country), country, channelUserIds };
  if (Object.keys(channelUserIds).length === 0) throw new Refusal(3002);
  return { msisdn: null, country, channelUserIds };
}

function parseChannelIds(user: JsonObject): Record<string, string> {
  const ids = userIds.flatMap(([name, channel]) => {
    const id = member(user, name);
    return typeof id === "string" && isAddress(id) ? [[channel, id]] : [];
  });
  return Object.fromEntries(ids);
}

function parseUserCountry(value: unknown): string | null {
  if (value === undefined || value === "") return null;
  const country = typeof value === "string" ? parseCountry(value) : null;
  if (country) return country;
  throw new Refusal(3018, "user.country must be an ISO 3166 code of two letters.");
}

function parseMsisdn(value: unknown, country: string | null): string {
  const number = typeof value === "string" ? parseNumber(value, country) : null;
  if (number) return number;
  throw new Refusal(3003, "user.msisdn must be a number in E.164, such as +6591234567.");
}

function isAddress(text: string): boolean {
  return text !== "" && text.length <= ADDRESS_LENGTH_MAX;
}
