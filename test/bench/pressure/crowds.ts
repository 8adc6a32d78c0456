import { Pool } from "undici";
import { proofOf } from "#test/support/signed-receipts.ts";
import { type Customer, DELIVERED, sms } from "./customer.ts";
import type { PressedProduct } from "./product.ts";
import { timed, typical, until } from "./timed.ts";

const FLOOD_MS = 10_000;
const CONNECTION_COUNT = 64;

export async function hotAccount(_: PressedProduct, customer: Customer) {
  const otherKey = await customer.makeAccount("hot-1");
  const messageIds = await customer.sendMany(2_000);
  const request = { to: DELIVERED, steps: sms, accountId: "hot-1" };
  const other = await timed(() => customer.ended(request, otherKey));
  const all = await timed(() => customer.untilEnded(messageIds));
  return `another account's one SMS ended in ${other}; all of them ${all} later`;
}

export async function receiptFlood({ places }: PressedProduct, customer: Customer) {
  const pool = new Pool(places.receiptUrl, { connections: CONNECTION_COUNT });
  const stop = Date.now() + FLOOD_MS;
  let count = 0;
  const posting = Array.from({ length: CONNECTION_COUNT }, async () => {
    while (Date.now() < stop) await postUnknown(pool, count++);
  });
  const during = await typical(() => customer.ended(), 5);
  await Promise.all(posting);
  await pool.close();
  const after = await timed(() => customer.ended());
  const perSecond = Math.round((count * 1_000) / FLOOD_MS);
  return `${perSecond} receipts a second are taken; an SMS meanwhile ends in ${during}, one sent right after it in ${after}`;
}

async function postUnknown(pool: Pool, id: number): Promise<void> {
  const receipt = { receiptId: `r${id}`, id: `none-${id}`, status: "delivered", at: Date.now() };
  const body = JSON.stringify(receipt);
  const headers = { "content-type": "application/json", ...proofOf(body) };
  const request = { method: "POST", path: "/receipts/simulated-sms", headers, body } as const;
  await (await pool.request(request)).body.dump();
}

export async function farBehind(product: PressedProduct, customer: Customer) {
  await product.kill("send-request-consumer");
  const messageIds = await customer.sendMany(5_000);
  await product.start("send-request-consumer");
  const last = messageIds.at(-1) ?? "";
  const caughtUp = await timed(() =>
    until(async () => (await customer.phaseOf(last)) !== undefined),
  );
  const all = await timed(() => customer.untilEnded(messageIds));
  return `taken ${caughtUp} after its start (10 s of it the dead one's session), all ended ${all} later, ${await customer.outcomes(messageIds)}`;
}
