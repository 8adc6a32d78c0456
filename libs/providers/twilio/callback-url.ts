import type { TwilioOptions } from "./access.ts";

/** Where Twilio posts what becomes of a connection's messages; it is also what Twilio signs. */
export function callbackUrl(
  { bridgeUrl }: Pick<TwilioOptions, "bridgeUrl">,
  provider: string,
): string {
  return `${bridgeUrl}/receipts/${provider.replace(".", "/")}`;
}
