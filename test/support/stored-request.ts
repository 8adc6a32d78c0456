import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { START } from "./journal-entry.ts";

/** A request as it is decoded from the store: every field is there. */
export function storedRequest(more: Partial<SendRequest> = {}): SendRequest {
  return {
    messageId: "m-1",
    accountId: "demo",
    recipient: { msisdn: "+6591234567", country: null, channelUserIds: {} },
    content: { type: "TEXT", text: "Hello", richJson: null, fallbackText: null, sms: null },
    steps: [],
    flowId: null,
    purpose: "TRANSACTIONAL",
    scheduledAt: null,
    expiresAt: null,
    callbackUrl: null,
    clientMessageId: null,
    batchId: null,
    clientBatchId: null,
    lateReports: "AMEND",
    dialect: "8x8",
    requestedAt: START,
    ...more,
  };
}
