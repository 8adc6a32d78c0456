// `npm run bench:pressure [-- <part of a row's name>]`: what is shed under pressure, and how long until it is healed. Every service is a
// process of its own. Prints a row for each pressure; the figures in ARCHITECTURE came from here.
import { deadCarriers, slowCarriers } from "./bad-carriers.ts";
import { largeBodies, silentClients, slowClients } from "./bad-clients.ts";
import { farBehind, hotAccount, receiptFlood } from "./crowds.ts";
import { customerOf } from "./customer.ts";
import { startPressedProduct } from "./product.ts";
import { redisFull } from "./redis-full.ts";
import { typical } from "./timed.ts";

await using product = await startPressedProduct();
const customer = customerOf(product);

const rows = {
  none: async () => `one SMS after the other ends in ${await typical(() => customer.ended())}`,
  "Redis above 80 % of its maxmemory": redisFull,
  "carriers dead for 10 s, 200 SMS": deadCarriers,
  "carriers that take a second for an answer, 500 SMS": slowCarriers,
  "2,000 SMS of one account at once": hotAccount,
  "a flood of unknown receipts, 64 connections, 10 s": receiptFlood,
  "40 bodies of 10 MB at once": largeBodies,
  "a consumer 5,000 requests behind": farBehind,
  // Last: the bench's own connections are among those that are closed.
  "1,500 clients that write one byte a second": slowClients,
  "10,000 clients that say nothing": silentClients,
};

console.log("| pressure | measured |\n| --- | --- |");
for (const [pressure, measure] of Object.entries(rows)) {
  if (!pressure.includes(process.argv[2] ?? "")) continue;
  // One that does not heal is a finding, too, and says nothing of the others.
  const measured = await measure(product, customer).catch((fault: unknown) => String(fault));
  console.log(`| ${pressure} | ${measured} |`);
}
