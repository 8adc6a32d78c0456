// `Authorization: Basic` (RFC 7617): the account's id as the user, a key of the account as the password.
import { isSameText } from "#libs/same-text.ts";
import type { Scheme } from "./scheme.ts";

const FORM = /^Basic +([A-Za-z0-9+/]{4,1024}={0,2})$/i;
const PAIR = /^([^:]{1,128}):(\S{1,512})$/;

export const basicKey: Scheme = ({ headers }, settings) => {
  const [, encoded = ""] = FORM.exec(headers.authorization ?? "") ?? [];
  const [, user, key] = PAIR.exec(Buffer.from(encoded, "base64").toString()) ?? [];
  if (user === undefined || key === undefined) return undefined;
  const apiKey = settings.findKey(key);
  return apiKey && isSameText(user, apiKey.accountId) ? apiKey : undefined;
};
