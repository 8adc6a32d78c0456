// How an account's webhooks take what they are told, beside what is configured of them.
import { RetriableError } from "#libs/errors.ts";
import { showInstant } from "#libs/show-instant.ts";
import type { Standing } from "#libs/webhook-queue/standings.ts";
import type { ApiDeps } from "../../../api-deps.ts";

type Shown = { id: string };

/** The webhooks with `delivery`; while Redis is away, which alone knows it, without. */
export async function withDeliveries<Webhook extends Shown>(
  accountId: string,
  webhooks: readonly Webhook[],
  { webhookQueue, log }: Pick<ApiDeps, "webhookQueue" | "log">,
): Promise<(Webhook & { delivery?: object })[]> {
  const names = webhooks.map(({ id }) => id);
  const standings = await webhookQueue.standings(accountId, names).catch((error: unknown) => {
    if (!(error instanceof RetriableError)) throw error;
    log.warn({ err: error }, "nobody knows how webhooks are delivered");
    return [];
  });
  return webhooks.map((webhook, index) => ({ ...webhook, ...deliveryOf(standings[index]) }));
}

function deliveryOf(standing: Standing | undefined) {
  if (!standing) return {};
  const { failing, ...counts } = standing;
  if (!failing) return { delivery: counts };
  const { since, lastAt, reason } = failing;
  const told = { since: showInstant(since), lastAt: showInstant(lastAt), reason };
  return { delivery: { ...counts, failing: told } };
}
