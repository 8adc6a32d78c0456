// A report names its message, or only the provider's own id, or both. What the id belongs to is known
// once the dispatcher has linked it; a report that comes before waits until its attempt's first word.
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import type { IncomingRecord } from "#libs/kafka/ports.ts";
import { advance } from "#libs/message-flow/advance.ts";
import { applyWaiting } from "./apply-waiting.ts";
import {
  type Joining,
  joinReports,
  type Received,
  tellDropped,
  withNormalIds,
} from "./join-reports.ts";

/**
 * Applies reports of one partition, then what waited for them. Applying one twice decides nothing, so
 * the whole may be repeated from any point.
 */
export async function handleReports(
  records: readonly IncomingRecord<StatusReport>[],
  flow: Joining,
): Promise<void> {
  const received = records.map(({ value, bytes }) => ({ report: withNormalIds(value), bytes }));
  await advance(await joinReports(received, flow), flow);
  await applyWaiting(await flow.providerIds.findWaiting(received.flatMap(acceptedIds)), flow);
}

/** What has waited too long is told, each once; if its id was linked after all, it is applied too. */
export async function settleExpired(flow: Joining): Promise<void> {
  const gone = await applyWaiting(await flow.providerIds.findExpired(), flow);
  tellDropped(gone, "expired", flow.log);
}

/** The first word on an attempt: what waits for its ids can be joined. */
function acceptedIds({ report }: Received) {
  const { status, messageId, attemptIndex, provider, providerMessageId } = report;
  if (status !== "ACCEPTED" || messageId === null || attemptIndex === null) return [];
  const ids = new Set([providerMessageId, ...report.providerMessageIds]);
  return [...ids].flatMap((id) => (id ? { provider, providerMessageId: id } : []));
}
