// Vonage's dialect as others see it; README.md says what its clients find.
import type { Dialect } from "#libs/dialects/dialect.ts";
import { messageIdOf } from "./message-uuids.ts";
import { parseSend } from "./messages/parse-send.ts";
import { readSendBy } from "./read-send.ts";
import { readFlow } from "./settings/read-flow.ts";
import { signedToken } from "./statuses/signed-token.ts";
import { statusBody, tells } from "./statuses/status.ts";

export const vonage: Dialect = {
  name: "vonage",
  readSend: readSendBy(parseSend),
  messageIdOf,
  settings: { flows: readFlow },
  notifications: { tells, body: statusBody, authorization: signedToken },
};
