// Vonage's dialect as others see it; README.md says what its clients find.
import type { Dialect } from "#libs/dialects/dialect.ts";
import { SendRefused } from "#libs/dialects/send-refused.ts";

export const vonage: Dialect = {
  name: "vonage",
  readSend: () => {
    throw new SendRefused("Not found", { status: 404, body: {} });
  },
  settings: {},
  notifications: { tells: () => false, body: () => "{}" },
};
