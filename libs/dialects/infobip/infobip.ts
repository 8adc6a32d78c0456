// Infobip's dialect as others see it; README.md says what its clients find.
import type { Dialect } from "#libs/dialects/dialect.ts";
import { report, tells } from "./reports/report.ts";
import { readSend } from "./send/read-send.ts";
import { readFlow } from "./settings/read-flow.ts";

export const infobip: Dialect = {
  name: "infobip",
  readSend,
  settings: { flows: readFlow },
  notifications: { tells, body: report },
};
