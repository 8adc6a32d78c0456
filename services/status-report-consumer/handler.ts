// A report names its message, or only the provider's own id, or both. What the id belongs to is known
// once the dispatcher has linked it; a report that comes before waits until its attempt's first word.
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import type { IncomingRecord } from "#libs/kafka/ports.ts";
import { advance } from "#libs/message-flow/advance.ts";
import { applyWaiting } from "./apply-waiting.ts";
import { type Joining, joinReports, tellDropped, withNormalIds } from "./join-reports.ts";

/**
 * Applies reports of one partition, then what waited for them. Applying one twice decides nothing, so
 * the whole may be repeated from any point.
 */
export async function handleReports(
  records: readonly IncomingRecord<StatusReport>[],
  flow: Joining,
): Promise<void> {
  const received = records.map(({ value, bytes }) => ({ report: withNormalIds(value), bytes }));
  const { inputs, told } = await joinReports(received, flow);
  await advance(inputs, flow);
  const { waitsFor } = await applyWaiting(await flow.providerIds.findWaiting(told), flow);
  // The report that released it comes again with it.
  if (waitsFor !== undefined) throw waitsFor;
}

/**
 * What has waited too long is told, each once; if its id was linked after all, it is applied too, as soon as
 * its message can be moved.
 */
export async function settleExpired(flow: Joining): Promise<void> {
  const { gone } = await applyWaiting(await flow.providerIds.findExpired(), flow);
  tellDropped(gone, "expired", flow.log);
}
