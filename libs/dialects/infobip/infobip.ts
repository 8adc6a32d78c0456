// Infobip's dialect as others see it; README.md says what its clients find.
import type { Dialect } from "#libs/dialects/dialect.ts";
import { report, tells } from "./reports/report.ts";

export const infobip: Dialect = { name: "infobip", notifications: { tells, body: report } };
