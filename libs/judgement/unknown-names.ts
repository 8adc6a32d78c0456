// A request may name what this process has not heard of yet: whoever makes an account and sends at
// once must not meet a view that is some milliseconds behind.
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import type { Settings } from "#libs/settings/account.ts";
import type { SettingsView } from "#libs/settings/connect-settings.ts";
import type { FaultCode } from "./fault.ts";
import { nameFaults } from "./name-faults.ts";
import { requestedSteps } from "./requested-steps.ts";

/** A name that the end of the topic did not have is not asked for again so soon. */
const KNOWN_MISSING_MS = 1_000;
/** Beyond so many names that do not exist, a sender has gone wild: they are forgotten. */
const MISSING_COUNT_MAX = 10_000;

const UNKNOWN: ReadonlySet<FaultCode> = new Set([
  "no-flow",
  "unknown-flow",
  "unknown-channel",
  "unknown-sender",
  "unknown-template",
]);

/**
 * Waits for the end of the settings where a request names what is not known, at most once a call,
 * and not for names that were missing there a moment ago. Throws RetriableError while Kafka is away.
 */
export type AwaitNames = (requests: readonly SendRequest[]) => Promise<void>;

/** Remembers for a while which names were missing, for one process. */
export function nameAwaiter(settings: Pick<SettingsView, "findAccount" | "caughtUp">): AwaitNames {
  const missingUntil = new Map<string, number>();
  return async (requests) => {
    const now = performance.now();
    const unknown = unknownNames(requests, settings);
    if (unknown.every((name) => (missingUntil.get(name) ?? 0) > now)) return;
    await settings.caughtUp();
    if (missingUntil.size > MISSING_COUNT_MAX) missingUntil.clear();
    for (const name of unknownNames(requests, settings)) {
      missingUntil.set(name, performance.now() + KNOWN_MISSING_MS);
    }
  };
}

/** Each by its account and what is told of it; only names are looked at, and no text is measured. */
function unknownNames(
  requests: readonly SendRequest[],
  { findAccount }: Pick<Settings, "findAccount">,
): string[] {
  return requests.flatMap((request) => {
    const { accountId } = request;
    const account = findAccount(accountId);
    if (!account) return [accountId];
    return nameFaults(request, requestedSteps(request, account), account)
      .filter(({ code }) => UNKNOWN.has(code))
      .map(({ code, words }) => JSON.stringify([accountId, code, words]));
  });
}
