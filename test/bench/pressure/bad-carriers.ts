import { setTimeout as sleep } from "node:timers/promises";
import type { Customer } from "./customer.ts";
import type { PressedProduct } from "./product.ts";
import { timed } from "./timed.ts";

export async function deadCarriers(product: PressedProduct, customer: Customer) {
  await product.kill("carrier-simulator");
  const messageIds = await customer.sendMany(200);
  await sleep(10_000);
  const accepted = await timed(customer.send);
  await product.start("carrier-simulator");
  const healed = await timed(() => customer.untilEnded(messageIds));
  return `meanwhile a send is answered in ${accepted}; all have ended ${healed} after the carrier's start, ${await customer.outcomes(messageIds)}`;
}

/** Every answer takes a second, as of a carrier that is overloaded itself. */
export async function slowCarriers({ carrierLine }: PressedProduct, customer: Customer) {
  carrierLine.behave({ latencyMs: 500 });
  const messageIds = await customer.sendMany(500);
  const accepted = await timed(customer.send);
  const all = await timed(() => customer.untilEnded(messageIds));
  carrierLine.behave({ latencyMs: 0 });
  const healed = await timed(() => customer.ended());
  return `meanwhile a send is answered in ${accepted}; all have ended after ${all}, ${await customer.outcomes(messageIds)}; one SMS ends in ${healed} as soon as the carriers are quick again`;
}
