import type { TwilioCredentials } from "./access.ts";

/** The header that shows whose a call is. */
export function basicLogin({
  apiKeySid,
  apiKeySecret,
}: Pick<TwilioCredentials, "apiKeySid" | "apiKeySecret">): string {
  return `Basic ${Buffer.from(`${apiKeySid}:${apiKeySecret}`).toString("base64")}`;
}
