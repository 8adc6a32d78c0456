// What a carrier asks for a message, and by which network it went, as its receipt says it. The carriers
// write it in ways of their own; what can be read of it is decided here, once.
import type { Charge } from "#libs/contracts/generated/types.ts";
import { NAME_LENGTH_MAX } from "#libs/contracts/limits.ts";

/** In whole units of a currency: no message costs as much, and more would be no number of ours. */
const PRICE_MAX = 1_000_000;
const PRICE = /^\d{1,7}(\.\d{1,12})?$/;
/** ISO 4217. */
const CURRENCY = /^[A-Z]{3}$/;
/** MCC and MNC, one behind the other. */
const NETWORK = /^\d{5,6}$/;

/** Each as it came, absent where the carrier does not say it. */
type Said = {
  /** A number, or one in decimals as text. */
  price?: unknown;
  /** So many of what the price is of: parts of a long SMS. Absent: it is of the whole message. */
  unitCount?: unknown;
  currency?: unknown;
  network?: unknown;
  isBillable?: unknown;
  category?: unknown;
};

/**
 * Null where nothing of it can be read; one odd member costs no other. An amount without a currency is
 * none.
 */
export function chargeOf({ price, unitCount, currency, ...said }: Said): Charge | null {
  const amountMicros = microsOf(price, unitCount);
  const isPriced = amountMicros !== null && isMatch(currency, CURRENCY);
  const charge: Charge = {
    amountMicros: isPriced ? amountMicros : null,
    currency: isPriced ? currency : null,
    isBillable: typeof said.isBillable === "boolean" ? said.isBillable : null,
    category: isCategory(said.category) ? said.category : null,
    network: isMatch(said.network, NETWORK) ? said.network : null,
  };
  return Object.values(charge).every((each) => each === null) ? null : charge;
}

function microsOf(price: unknown, unitCount: unknown): number | null {
  const each = isMatch(price, PRICE) ? Number(price) : price;
  if (typeof each !== "number" || !(each >= 0 && each <= PRICE_MAX)) return null;
  const count = Number.isInteger(unitCount) ? Number(unitCount) : 1;
  const micros = Math.round(each * Math.max(count, 0) * 1_000_000);
  return Number.isSafeInteger(micros) ? micros : null;
}

function isMatch(value: unknown, pattern: RegExp): value is string {
  return typeof value === "string" && pattern.test(value);
}

function isCategory(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= NAME_LENGTH_MAX;
}
