// Kaleyra's dialect as others see it; README.md says what its clients find.
import type { Dialect } from "#libs/dialects/dialect.ts";
import { callback, tells } from "./callback/callback.ts";
import { readFlow } from "./flows/read-flow.ts";
import { readSend } from "./invoke/read-send.ts";

export const kaleyra: Dialect = {
  name: "kaleyra",
  readSend,
  settings: { flows: readFlow },
  notifications: { tells, body: callback },
};
