// Which texts of decoded records are shown. Whatever is not named here is told by its length alone, so that
// a new field shows nobody's words by mistake; a test holds the lists against the schemas.

/** Ids, names and words that the product or its operators chose. */
export const shownMembers: ReadonlySet<string> = new Set(
  [
    ["messageId", "accountId", "commandId", "reportId", "batchId", "clientBatchId", "epoch"],
    ["clientMessageId", "providerMessageId", "providerMessageIds", "flowId", "markId", "letterId"],
    ["channel", "sender", "source", "country", "provider", "connection", "network", "dialect"],
    ["type", "phase", "rule", "status", "outcome", "state", "purpose", "wanted", "onFailure"],
    ["onUnknown", "lateReports", "noted", "revocation", "success", "failure", "encoding"],
    ["smsEncoding", "errorCode", "errorClass", "code", "path", "currency", "category", "refused"],
    ["traceparent", "kind", "name", "changedBy", "markedBy", "after", "contentHash"],
  ].flat(),
);

/** Words of carriers, senders and operators: shown, with the numbers in them masked. */
export const wordedMembers: ReadonlySet<string> = new Set([
  "errorText",
  "detail",
  "words",
  "reason",
]);
