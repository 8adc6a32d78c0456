// Every request is counted once against the caps of its account's day here, whoever sent it.
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import type { DailyCaps } from "#libs/daily-caps/daily-caps.ts";
import type { Fault } from "#libs/judgement/fault.ts";
import { faultsOf } from "#libs/judgement/judge.ts";
import type { Settings } from "#libs/settings/account.ts";
import { hasDailyCaps } from "#libs/settings/bodies/limits.ts";
import type { TellNearCaps } from "./near-caps.ts";

/** By request, since others may write its message's id: the caps that it does not fit under. */
export type OverCaps = ReadonlyMap<SendRequest, readonly Fault[]>;

type Counting = {
  caps: Pick<DailyCaps, "take">;
  settings: Settings;
  tellNear: TellNearCaps;
};

/**
 * Counts those that can be carried out, one after the other as they came; of accounts without caps
 * nothing is looked at. Caps that come near are told. Throws RetriableError while Redis is away: asked again, what was counted is
 * not counted a second time.
 */
export async function countAll(
  requests: readonly SendRequest[],
  { caps, settings, tellNear }: Counting,
): Promise<OverCaps> {
  const over = new Map<SendRequest, readonly Fault[]>();
  for (const request of requests) {
    const account = settings.findAccount(request.accountId);
    if (!account || !hasDailyCaps(account.limits)) continue;
    const now = Date.now();
    if (faultsOf(request, { account, now }).length > 0) continue;
    const { faults, near } = await caps.take({ request, account, at: now });
    if (faults.length > 0) over.set(request, faults);
    else await tellNear({ account, near, messageId: request.messageId, at: now });
  }
  return over;
}
