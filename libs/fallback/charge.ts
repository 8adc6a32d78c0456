// What an attempt costs, by its provider's own word. It decides nothing; it is remembered and told.
import type { ChargeTold } from "./events.ts";
import type { StatusReportInput } from "./inputs.ts";
import type { MessageState } from "./state.ts";
import type { Charge } from "./words.ts";

const NOTHING: Charge = {
  amountMicros: null,
  currency: null,
  isBillable: null,
  category: null,
  network: null,
};

/**
 * What of a report is news of the price. What was told first stays: a report that is delivered again,
 * or late, must not turn it back.
 */
export function chargeNews(
  { at, charge: told, provider }: StatusReportInput,
  { attempts }: MessageState,
  attemptIndex: number,
): ChargeTold[] {
  if (!told) return [];
  const known = attempts[attemptIndex]?.charge ?? NOTHING;
  const charge: Charge = {
    // An amount means nothing without its currency: both are of one report.
    ...(known.amountMicros === null ? amountOf(told) : amountOf(known)),
    isBillable: known.isBillable ?? told.isBillable,
    category: known.category ?? told.category,
    network: known.network ?? told.network,
  };
  if (isSame(charge, known)) return [];
  return [{ type: "REPORT_NOTED", at, rule: "charge-told", attemptIndex, provider, charge }];
}

function amountOf({ amountMicros, currency }: Charge): Pick<Charge, "amountMicros" | "currency"> {
  return { amountMicros, currency };
}

function isSame(one: Charge, other: Charge): boolean {
  return (
    one.amountMicros === other.amountMicros &&
    one.currency === other.currency &&
    one.isBillable === other.isBillable &&
    one.category === other.category &&
    one.network === other.network
  );
}
