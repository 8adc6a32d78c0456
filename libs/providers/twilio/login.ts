import { basicLogin } from "#libs/http/outward/basic-login.ts";
import type { TwilioCredentials } from "./access.ts";

/** The header that shows whose a call is. */
export function loginOf({
  apiKeySid: user,
  apiKeySecret: password,
}: Pick<TwilioCredentials, "apiKeySid" | "apiKeySecret">): string {
  return basicLogin({ user, password });
}
