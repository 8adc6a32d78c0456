// What a gateway asks for a message, by where the connection says that it stands in a receipt.
import type { Charge } from "#libs/contracts/generated/types.ts";
import { chargeOf } from "../charge.ts";
import type { ChargeOptions } from "./receipt-options.ts";
import { textAt } from "./select.ts";

/** Null where the receipt says nothing of it. */
export function readCharge(item: unknown, options: ChargeOptions | undefined): Charge | null {
  if (options === undefined) return null;
  const { price, unitCount, currency, billable, category, network } = options;
  const at = (pointer: string | undefined) =>
    pointer === undefined ? undefined : textAt(item, pointer);
  const count = at(unitCount);
  return chargeOf({
    price: at(price),
    unitCount: count === undefined ? undefined : Number(count),
    currency: currency?.startsWith("/") ? at(currency) : currency,
    isBillable: TRUTHS.get(at(billable)?.toLowerCase()),
    category: at(category),
    network: at(network),
  });
}

const TRUTHS: ReadonlyMap<string | undefined, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);
