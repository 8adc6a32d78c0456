// Our own dialect as others see it.
import type { Dialect } from "#libs/dialects/dialect.ts";
import { nativeBody } from "./notification.ts";
import { parseSend } from "./send/parse-send.ts";

export const native: Dialect = {
  name: "native",
  readSend: parseSend,
  settings: {},
  notifications: {
    tells: ({ type }) => type !== "ATTEMPT_LEFT",
    body: (tellable, { entry, request }) => nativeBody(tellable, entry, request),
  },
};
