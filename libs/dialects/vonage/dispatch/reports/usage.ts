// What messages of a workflow cost, as Dispatch says it: `usage` of definitions/dispatch.yml, an amount
// as a text. It is our estimate by the account's price list, and absent where there is none.

/** Parts of a currency that an amount counts. */
const SCALE = 10_000;

/** `amount` in 1/10,000 of the currency. */
export function usageOf(amount: number, currency: string) {
  const rest = String(amount % SCALE).padStart(4, "0");
  return { price: `${Math.trunc(amount / SCALE)}.${rest}`, currency };
}
