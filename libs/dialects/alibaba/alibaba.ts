// Alibaba's dialect as others see it; README.md says what its clients find.
import type { Dialect } from "#libs/dialects/dialect.ts";
import { receipt, tells } from "./receipts/receipt.ts";
import { readSend } from "./send/read-send.ts";
import { readPolicy, readRule } from "./settings/rules-and-policies.ts";

/** Alibaba's callbacks are to be answered within 3 s, and are sent again otherwise. */
const ANSWER_MS_MAX = 3_000;

export const alibaba: Dialect = {
  name: "alibaba",
  readSend,
  settings: { "fallback-rules": readRule, "fallback-policies": readPolicy },
  notifications: { tells, body: receipt, answerMsMax: ANSWER_MS_MAX },
};
