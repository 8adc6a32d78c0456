// What a gateway asks for a message, by where the connection says that it stands in a receipt.
import type { Charge } from "#libs/contracts/generated/types.ts";
import { chargeOf } from "../charge.ts";
import type { ChargeOptions } from "./receipt-options.ts";

/** Finds a text in a receipt; undefined where there is none. */
export type TextAt = (pointer: string) => Promise<string | undefined>;

/** Null where the receipt says nothing of it. */
export async function readCharge(
  textAt: TextAt,
  options: ChargeOptions | undefined,
): Promise<Charge | null> {
  if (options === undefined) return null;
  const { price, unitCount, currency, billable, category, network } = options;
  const at = async (pointer: string | undefined) =>
    pointer === undefined ? undefined : textAt(pointer);
  const count = await at(unitCount);
  return chargeOf({
    price: await at(price),
    unitCount: count === undefined ? undefined : Number(count),
    currency: currency?.startsWith("/") ? await at(currency) : currency,
    isBillable: TRUTHS.get((await at(billable))?.toLowerCase()),
    category: await at(category),
    network: await at(network),
  });
}

const TRUTHS: ReadonlyMap<string | undefined, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);
