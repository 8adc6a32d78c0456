// A report names its message, or only the provider's own id, or both. What the id belongs to is known
// once the dispatcher has linked it; a report that comes before waits until its attempt's first word.
import { readEach } from "#libs/contracts/codec.ts";
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import type { IncomingRecord } from "#libs/kafka/ports.ts";
import { advance } from "#libs/message-flow/advance.ts";
import type { Waiting } from "#libs/provider-ids/provider-ids.ts";
import {
  type Joining,
  joinReports,
  type Received,
  tellDropped,
  withNormalIds,
} from "./join-reports.ts";

/**
 * Applies reports of one partition. Waiting ones are forgotten only after they were applied, and
 * applying one twice decides nothing, so the whole may be repeated from any point.
 */
export async function handleReports(
  records: readonly IncomingRecord<StatusReport>[],
  flow: Joining,
): Promise<void> {
  const received = records.map(({ value, bytes }) => ({ report: withNormalIds(value), bytes }));
  const inputs = await joinReports(received, flow);
  const waiting = await flow.providerIds.findWaiting(received.flatMap(acceptedIds));
  const overtakers = await joinReports(await readWaiting(waiting, flow), flow);
  await advance([...inputs, ...overtakers], flow);
  await flow.providerIds.forget(waiting);
}

/** What has waited too long is told, each once; if its id was linked after all, it is applied too. */
export async function settleExpired(flow: Joining): Promise<void> {
  const expired = await flow.providerIds.findExpired();
  if (expired.length === 0) return;
  const inputs = await joinReports(await readWaiting(expired, flow), flow);
  await advance(inputs, flow);
  const gone = await flow.providerIds.forget(expired);
  tellDropped(
    gone.map(({ name }) => name),
    "expired",
    flow.log,
  );
}

/** The first word on an attempt: what waits for its ids can be joined. */
function acceptedIds({ report }: Received) {
  const { status, messageId, attemptIndex, provider, providerMessageId } = report;
  if (status !== "ACCEPTED" || messageId === null || attemptIndex === null) return [];
  const ids = new Set([providerMessageId, ...report.providerMessageIds]);
  return [...ids].flatMap((id) => (id ? { provider, providerMessageId: id } : []));
}

/** They wait already, so they are only looked up. One that nobody can read is of no use any more. */
async function readWaiting(waiting: readonly Waiting[], flow: Joining): Promise<Received[]> {
  const reads = await readEach(waiting, ({ bytes }) => bytes, flow.contracts.statusReport);
  return reads.flatMap(({ read }) =>
    read && "value" in read ? { report: withNormalIds(read.value), bytes: null } : [],
  );
}
