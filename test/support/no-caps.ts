import type { DailyUse } from "#libs/daily-caps/daily-caps.ts";

const nothing: DailyUse = { used: { messages: 0, segments: 0, spend: 0 }, refused: {} };

/** Days on which nobody has used or been refused anything. */
export const noCaps = {
  look: async () => ({ faults: [], near: [] }),
  useOf: async () => nothing,
};

/** Keys that may ask as fast as they like. */
export const noRates = { waitMs: async () => 0 };
