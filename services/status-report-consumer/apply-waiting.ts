// Reports that waited for their attempt. Each is by itself: one that is odd holds up neither the report
// that released it nor the others that waited.
import { handleApart } from "#libs/apart.ts";
import { readEach, valueOf } from "#libs/contracts/codec.ts";
import { topics } from "#libs/contracts/topics.ts";
import { reportFault } from "#libs/errors.ts";
import { advance } from "#libs/message-flow/advance.ts";
import { setAside } from "#libs/message-flow/set-aside.ts";
import type { Waiting } from "#libs/provider-ids/provider-ids.ts";
import { type Joining, joinReports, type Received, withNormalIds } from "./join-reports.ts";

/**
 * Applies what waits and forgets it, only then; returns what was still there. What nobody can read or
 * apply becomes a dead letter of status-reports. May be repeated at any point. Throws RetriableError, and
 * a bug that hits every one of many.
 */
export async function applyWaiting(
  waiting: readonly Waiting[],
  flow: Joining,
): Promise<readonly Waiting[]> {
  if (waiting.length === 0) return [];
  const reads = await readEach(waiting, ({ bytes }) => bytes, flow.contracts.statusReport);
  const odd = await handleApart(reads, async (some) => {
    const received = some.flatMap(({ read }): Received[] =>
      // They wait already, so they are only looked up.
      read ? [{ report: withNormalIds(valueOf(read)), bytes: null }] : [],
    );
    await advance((await joinReports(received, flow)).inputs, flow);
  });
  for (const { item, fault } of odd) await bury(item.item, fault, flow);
  return flow.providerIds.forget(waiting);
}

async function bury({ name, bytes }: Waiting, fault: unknown, flow: Joining): Promise<void> {
  const { stage, reason } = reportFault(fault);
  const words = `A report that waited for its attempt cannot be applied: ${reason}`;
  const place = { topic: topics.statusReports.name, key: Buffer.from(name) };
  await setAside({ ...place, bytes, stage, reason: words }, flow);
}
