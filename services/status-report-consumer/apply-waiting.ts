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

/** `gone`: what was still there. `waitsFor`: what the first of those meets that go on waiting; they stay. */
type Applied = { gone: readonly Waiting[]; waitsFor: unknown };

/**
 * Applies what waits and forgets it, only then. What nobody can read or apply becomes a dead letter of
 * status-reports; one that waits alone, such as for a closed shard, keeps no other. May be repeated at any
 * point. Throws RetriableError that is everybody's, and a bug that hits every one of many.
 */
export async function applyWaiting(waiting: readonly Waiting[], flow: Joining): Promise<Applied> {
  if (waiting.length === 0) return { gone: [], waitsFor: undefined };
  const reads = await readEach(waiting, ({ bytes }) => bytes, flow.contracts.statusReport);
  const apart = await handleApart(reads, async (some) => {
    const received = some.flatMap(({ read }): Received[] =>
      // They wait already, so they are only looked up.
      read ? [{ report: withNormalIds(valueOf(read)), bytes: null }] : [],
    );
    await advance((await joinReports(received, flow)).inputs, flow);
  });
  for (const { item, fault } of apart.odd) await bury(item.item, fault, flow);
  const left = new Set(apart.waiting.map(({ item }) => item.item));
  const gone = await flow.providerIds.forget(waiting.filter((one) => !left.has(one)));
  return { gone, waitsFor: apart.waiting[0]?.fault };
}

async function bury({ name, bytes }: Waiting, fault: unknown, flow: Joining): Promise<void> {
  const { stage, reason } = reportFault(fault);
  const words = `A report that waited for its attempt cannot be applied: ${reason}`;
  const place = { topic: topics.statusReports.name, key: Buffer.from(name) };
  await setAside({ ...place, bytes, stage, reason: words }, flow);
}
