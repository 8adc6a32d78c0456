// 8x8's dialect as others see it; README.md says what its clients find.
import type { Dialect } from "#libs/dialects/dialect.ts";
import { hasStatus } from "./receipts/event-status.ts";
import { eightByEightBody } from "./receipts/receipt.ts";
import { readSend } from "./send/read-send.ts";
import { readFlow } from "./settings/read-flow.ts";

export const eightByEight: Dialect = {
  name: "8x8",
  readSend,
  settings: { flows: readFlow },
  notifications: { tells: hasStatus, body: eightByEightBody },
};
