// `user`: the person to reach.
import type { Recipient } from "#libs/contracts/generated/types.ts";
import { ADDRESS_LENGTH_MAX } from "#libs/contracts/limits.ts";
import { member, parseObject } from "#libs/dialects/8x8/json-value.ts";
import { Refusal } from "#libs/dialects/8x8/refusal.ts";
import { userIds } from "#libs/dialects/8x8/user-ids.ts";
import type { JsonObject } from "#libs/json/json-object.ts";
import { parseCountry, parseNumber } from "#libs/phone-numbers/parse-number.ts";

/** The recipient. Throws Refusal with 8x8's code where there is none, or nothing to reach them by. */
export function parseUser(value: unknown): Recipient {
  if (value === undefined) throw new Refusal(3001);
  const user = parseObject(value, 3001, "user");
  const ids = userIds.flatMap(([name, channel]) => {
    const id = member(user, name);
    return isAddress(id) ? [[channel, id] as const] : [];
  });
  const phone = parsePhone(user);
  if (phone.msisdn === null && ids.length === 0) throw new Refusal(3002);
  return { ...phone, channelUserIds: Object.fromEntries(ids) };
}

function isAddress(id: unknown): id is string {
  return typeof id === "string" && id !== "" && id.length <= ADDRESS_LENGTH_MAX;
}

/** A number that is dialled within a country is read as of `country`. */
function parsePhone(user: JsonObject): Pick<Recipient, "msisdn" | "country"> {
  const [named = "", dialled] = [member(user, "country"), member(user, "msisdn")];
  const country = typeof named === "string" ? parseCountry(named) : null;
  if (named !== "" && country === null) {
    throw new Refusal(3018, "user.country must be an ISO 3166 code of two letters.");
  }
  const msisdn = typeof dialled === "string" ? parseNumber(dialled, country) : null;
  if (dialled !== undefined && msisdn === null) {
    throw new Refusal(3003, "user.msisdn must be a number in E.164, such as +6591234567.");
  }
  return { msisdn, country };
}
