// A report either names its message or only the provider's own id. The dispatcher's report of an
// accepted attempt links the two; a report that overtakes it is parked until then.
import { readEach } from "#libs/contracts/codec.ts";
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import type { IncomingRecord } from "#libs/kafka/ports.ts";
import { advance, type Flow } from "#libs/message-flow/advance.ts";
import type { MessageInput } from "#libs/message-flow/message-input.ts";
import type { Link, ProviderIds } from "#libs/provider-ids/provider-ids.ts";
import { countParked, countUnjoinable } from "./metrics.ts";

type Joining = Flow & { providerIds: ProviderIds };

/**
 * Applies reports of one partition. Parked ones are dropped only after they were applied, and
 * applying one twice decides nothing, so the whole may be repeated from any point.
 */
export async function handleReports(
  records: readonly IncomingRecord<StatusReport>[],
  flow: Joining,
): Promise<void> {
  const reports = records.map(({ value }) => value);
  const links = reports.flatMap(linkOf);
  const parked = await flow.providerIds.linkAll(links);
  const waiting = links.flatMap((link, index) => {
    return (parked[index] ?? []).map((bytes) => ({ link, bytes }));
  });
  const reads = await readEach(waiting, ({ bytes }) => bytes, flow.contracts.statusReport);
  // One that nobody can read was taken by another version of this program: it is of no use any more.
  const overtakers = reads.flatMap(({ item: { link }, read }) =>
    read && "value" in read ? [joined(read.value, link)] : [],
  );
  const found = await join(reports, flow);
  const inputs = [...reports, ...overtakers, ...found].flatMap(toInput);
  await advance(inputs, flow);
  await flow.providerIds.forgetParked(links.filter((_, index) => parked[index]?.length));
}

/** The dispatcher's word that a provider took the attempt names both ids. */
function linkOf(report: StatusReport): Link | [] {
  const { messageId, attemptIndex, provider, providerMessageId, status } = report;
  if (status !== "ACCEPTED" || !messageId || attemptIndex === null || !providerMessageId) return [];
  return { messageId, attemptIndex, provider, providerMessageId };
}

/** Finds the attempts of reports that carry only the provider's id; the others are parked. */
async function join(reports: readonly StatusReport[], flow: Joining): Promise<StatusReport[]> {
  const early = reports.flatMap((report) => {
    const { messageId, provider, providerMessageId, reportId } = report;
    if (messageId || !providerMessageId) return [];
    const bytes = flow.contracts.statusReport.encode(report);
    return [{ report, provider, providerMessageId, reportId, bytes }];
  });
  const attempts = await flow.providerIds.joinAll(early);
  return attempts.flatMap((attempt, index) => {
    const report = early[index]?.report;
    if (typeof attempt === "string" || !report) {
      if (attempt === "full") countUnjoinable();
      else countParked();
      return [];
    }
    return joined(report, attempt);
  });
}

function joined(
  report: StatusReport,
  attempt: Pick<Link, "messageId" | "attemptIndex">,
): StatusReport {
  const { messageId, attemptIndex } = attempt;
  return { ...report, messageId, attemptIndex };
}

function toInput(report: StatusReport): MessageInput | [] {
  const { messageId } = report;
  return messageId ? { type: "StatusReport", messageId, report } : [];
}
