// A header of its own with the key as it is.
import type { Scheme } from "./scheme.ts";

const KEY = /^\S{1,512}$/;

/** `name` is in lower case, as Node gives headers. */
export function headerKey(name: "api-key"): Scheme {
  return ({ headers }, settings) => {
    const key = headers[name];
    return typeof key === "string" && KEY.test(key) ? settings.findKey(key) : undefined;
  };
}
