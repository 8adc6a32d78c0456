/** What browsers and proxies agree on. */
export const URL_LENGTH_MAX = 2_048;

/** Whether something can be posted to it: an http or https URL of at most 2,048 characters. */
export function isCallbackUrl(url: string): boolean {
  const protocol = url.length <= URL_LENGTH_MAX ? URL.parse(url)?.protocol : undefined;
  return protocol === "https:" || protocol === "http:";
}
