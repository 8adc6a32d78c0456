// Alibaba's dialect as others see it; README.md says what its clients find.
import type { Dialect } from "#libs/dialects/dialect.ts";
import { receipt, tells } from "./receipts/receipt.ts";

/** Alibaba's callbacks are to be answered within 3 s, and are sent again otherwise. */
const ANSWER_MS_MAX = 3_000;

export const alibaba: Dialect = {
  name: "alibaba",
  notifications: { tells, body: receipt, answerMsMax: ANSWER_MS_MAX },
};
