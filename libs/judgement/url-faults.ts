import { type Fault, fault } from "./fault.ts";
import { isCallbackUrl } from "./http-url.ts";
import type { JudgedRequest } from "./requested-steps.ts";

/** Faults of the URLs that a message's changes, and those of single steps, are posted to. */
export function urlFaults({
  callbackUrl,
  steps,
}: Pick<JudgedRequest, "callbackUrl" | "steps">): Fault[] {
  const own = steps.map((step, index) => [`/steps/${index}`, step.callbackUrl] as const);
  return [["", callbackUrl] as const, ...own].flatMap(([place, url]) => {
    if (url === null || isCallbackUrl(url)) return [];
    const words = "must be an http or https URL without a user";
    return [fault("bad-callback-url", `${place}/callbackUrl`, words)];
  });
}
