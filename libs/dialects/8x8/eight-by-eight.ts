// 8x8's dialect as others see it; README.md says what its clients find.
import type { Dialect } from "#libs/dialects/dialect.ts";
import { hasStatus } from "./receipts/event-status.ts";
import { eightByEightBody } from "./receipts/receipt.ts";

export const eightByEight: Dialect = {
  name: "8x8",
  notifications: { tells: hasStatus, body: eightByEightBody },
};
