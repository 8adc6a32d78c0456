import { setTimeout as sleep } from "node:timers/promises";
import { startTcpProxy } from "#test/support/tcp-proxy.ts";
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

/**
 * Every answer takes a second, as of a carrier that is overloaded itself. Behind a line of its own: one that stays open
 * while its carrier is dead would be an answer that was lost.
 */
export async function slowCarriers(product: PressedProduct, customer: Customer) {
  const { simulatorUrl } = product.places;
  await using line = await startTcpProxy(Number(new URL(simulatorUrl).port));
  line.behave({ latencyMs: 500 });
  await product.callCarriersAt(`http://127.0.0.1:${line.port}`);
  const messageIds = await customer.sendMany(500);
  const accepted = await timed(customer.send);
  const all = await timed(() => customer.untilEnded(messageIds));
  line.behave({ latencyMs: 0 });
  const healed = await timed(() => customer.ended());
  await product.callCarriersAt(simulatorUrl);
  return `meanwhile a send is answered in ${accepted}; all have ended after ${all}, ${await customer.outcomes(messageIds)}; one SMS ends in ${healed} as soon as the carriers are quick again`;
}
