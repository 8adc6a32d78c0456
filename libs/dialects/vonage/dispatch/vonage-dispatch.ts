// Vonage Dispatch as others see it; README.md says what its clients find. It is a dialect beside
// `vonage`: its requests, its notifications and what they promise are others.
import type { Dialect } from "#libs/dialects/dialect.ts";
import { messageIdOf } from "#libs/dialects/vonage/message-uuids.ts";
import { readSendBy } from "#libs/dialects/vonage/read-send.ts";
import { tellsStatus } from "#libs/dialects/vonage/status-word.ts";
import { signedToken } from "#libs/dialects/vonage/statuses/signed-token.ts";
import { finalReport, tellsReport } from "./reports/final-report.ts";
import { messageStatus } from "./reports/message-status.ts";
import { parseDispatch } from "./request/parse-dispatch.ts";
import { readFlow } from "./settings/read-flow.ts";

export const vonageDispatch: Dialect = {
  name: "vonage-dispatch",
  readSend: readSendBy(parseDispatch),
  messageIdOf,
  settings: { flows: readFlow },
  notifications: {
    tells: tellsStatus,
    body: messageStatus,
    second: { tells: tellsReport, body: finalReport },
    authorization: signedToken,
    // Vonage has one status URL for both of its APIs.
    alsoFor: "vonage",
  },
};
