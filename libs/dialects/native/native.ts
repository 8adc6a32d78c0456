// Our own dialect as others see it.
import type { Dialect } from "#libs/dialects/dialect.ts";
import { nativeBody } from "./notification.ts";

export const native: Dialect = {
  name: "native",
  notifications: {
    tells: ({ type }) => type !== "ATTEMPT_LEFT",
    body: (tellable, { entry, request }) => nativeBody(tellable, entry, request),
  },
};
