// What every receipt's report begins as: it names its message by the provider's id alone, and says
// nothing more until its provider's own words are put over it.
import type { StatusReport } from "#libs/contracts/generated/types.ts";

type Heard = Pick<StatusReport, "provider" | "providerMessageId" | "channel" | "receivedAt">;

/** Without its `reportId` and `status`. It happened at `receivedAt` (epoch ms) unless somebody says when. */
export function blankReport({
  provider,
  providerMessageId,
  channel,
  receivedAt,
}: Heard): Omit<StatusReport, "reportId" | "status"> {
  return {
    provider,
    providerMessageId,
    channel,
    receivedAt,
    messageId: null,
    attemptIndex: null,
    providerMessageIds: [],
    errorCode: null,
    errorClass: null,
    errorText: null,
    segmentCount: null,
    charge: null,
    route: null,
    revocation: null,
    occurredAt: receivedAt,
  };
}
