import { type Fault, fault } from "./fault.ts";
import { isCallbackUrl } from "./http-url.ts";
import type { JudgedRequest } from "./requested-steps.ts";

/** Faults of the URL that a message's changes are posted to. */
export function urlFaults({ callbackUrl }: Pick<JudgedRequest, "callbackUrl">): Fault[] {
  if (callbackUrl === null || isCallbackUrl(callbackUrl)) return [];
  const words = "must be an http or https URL without a user";
  return [fault("bad-callback-url", "/callbackUrl", words)];
}
