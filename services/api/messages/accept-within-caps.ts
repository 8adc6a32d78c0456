// The caps of an account's day, as far as a caller can be told of them at once. The send-request-consumer
// counts, for whoever writes to Kafka too; here is only looked, so that a request of which nothing would
// be sent is refused in its dialect's words. Of a batch that fits in part the rest ends as rejected there.
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import type { DailyCaps } from "#libs/daily-caps/daily-caps.ts";
import { RetriableError } from "#libs/errors.ts";
import type { Fault } from "#libs/judgement/fault.ts";
import { tellLimits } from "#libs/judgement/limit-refusals.ts";
import { RequestRefused } from "#libs/judgement/request-refused.ts";
import type { Settings } from "#libs/settings/account.ts";
import { hasDailyCaps } from "#libs/settings/bodies/limits.ts";

/** Looked at side by side; most often the first message of a request fits. */
const LOOK_COUNT = 100;

export type CheckCaps = (requests: readonly SendRequest[]) => Promise<readonly Fault[]>;

type Looking = {
  caps: Pick<DailyCaps, "look">;
  settings: Pick<Settings, "findAccount">;
};

/**
 * Which caps are near, of the first message that fits. Throws RequestRefused where none of them does.
 * Says nothing while Redis is away: what is accepted then is counted, and perhaps rejected, later.
 */
export function capsChecker({ caps, settings }: Looking): CheckCaps {
  return async (requests) => {
    const [first] = requests;
    const account = first && settings.findAccount(first.accountId);
    if (!account || !hasDailyCaps(account.limits)) return [];
    const at = Date.now();
    let refused: readonly Fault[] = [];
    try {
      for (let start = 0; start < requests.length; start += LOOK_COUNT) {
        const some = requests.slice(start, start + LOOK_COUNT);
        const looked = await Promise.all(
          some.map((request) => caps.look({ request, account, at })),
        );
        const fitting = looked.find(({ faults }) => faults.length === 0);
        if (fitting) return fitting.near;
        refused = refused.length > 0 ? refused : (looked[0]?.faults ?? []);
      }
      tellLimits(account.accountId, refused);
    } catch (error) {
      if (!(error instanceof RetriableError)) throw error;
    }
    if (refused.length > 0) throw new RequestRefused(refused);
    return [];
  };
}
