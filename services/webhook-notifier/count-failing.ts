// Which registered webhooks take nothing, for the metrics.
import { hookOf } from "#libs/webhook-queue/keys.ts";
import type { DeliveryDeps } from "./deliver.ts";
import { failingGauge } from "./metrics.ts";

/** Counts them by account. One that is gone or off is told nothing more, and fails no more. */
export async function countFailing({
  queue,
  settings,
}: Pick<DeliveryDeps, "queue" | "settings">): Promise<void> {
  const counts = new Map<string, number>();
  for (const lane of await queue.failing()) {
    const { accountId } = lane;
    const isOn = settings.findAccount(accountId)?.webhooks.get(hookOf(lane))?.enabled === true;
    if (isOn) counts.set(accountId, (counts.get(accountId) ?? 0) + 1);
    else await queue.forgetFailing(lane);
  }
  failingGauge.reset();
  for (const [account, count] of counts) failingGauge.set({ account }, count);
}
