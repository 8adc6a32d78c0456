import { URL_LENGTH_MAX } from "#libs/contracts/limits.ts";

/** Whether it is an absolute http or https URL of at most 2,048 characters. */
export function isHttpUrl(url: unknown): url is string {
  if (typeof url !== "string" || url.length > URL_LENGTH_MAX) return false;
  const protocol = URL.parse(url)?.protocol;
  return protocol === "https:" || protocol === "http:";
}

/** Whether messages may name it to be told at: a user or password would be kept in clear, and not sent. */
export function isCallbackUrl(url: unknown): url is string {
  if (!isHttpUrl(url)) return false;
  const { username, password } = new URL(url);
  return username === "" && password === "";
}
