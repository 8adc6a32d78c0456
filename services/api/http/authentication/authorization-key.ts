// `Authorization: <word> <key>`, the key as it is. The word is the vendor's.
import type { Scheme } from "./scheme.ts";

/** The word is taken in any case, as RFC 9110 has it. */
export function authorizationKey(word: "Bearer" | "App"): Scheme {
  const form = new RegExp(`^${word} +(\\S{1,512})$`, "i");
  return ({ headers }, settings) => {
    const key = form.exec(headers.authorization ?? "")?.[1];
    return key === undefined ? undefined : settings.findKey(key);
  };
}
