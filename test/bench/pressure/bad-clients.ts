import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Customer } from "./customer.ts";
import type { PressedProduct } from "./product.ts";
import { counted, timed, until } from "./timed.ts";

export async function largeBodies(product: PressedProduct, { post, send }: Customer) {
  const body = `{"text":"${"x".repeat(10_000_000)}"}`;
  const before = await product.residentMib("api");
  const posting = Promise.all(
    Array.from({ length: 40 }, async () => {
      return (await post("/messages", body).catch(() => undefined))?.status ?? 0;
    }),
  );
  const during = await timed(send);
  const statuses = counted(await posting);
  const grown = (await product.residentMib("api")) - before;
  return `answered ${statuses} (0: cut off while it wrote); a send meanwhile in ${during}; the api grew by ${grown} MiB`;
}

/** They say nothing, or `words` at one byte a second. */
type Crowd = { count: number; words: string };

export async function silentClients(product: PressedProduct, customer: Customer) {
  return crowdOfClients({ count: 10_000, words: "" }, product, customer);
}

export async function slowClients(product: PressedProduct, customer: Customer) {
  const words = "POST /ft/v1/messages HTTP/1.1\r\nHost: localhost\r\n";
  return crowdOfClients({ count: 1_500, words }, product, customer);
}

async function crowdOfClients(
  { count, words }: Crowd,
  product: PressedProduct,
  { send }: Customer,
) {
  const before = await product.residentMib("api");
  const sockets = Array.from({ length: count }, () => openClient(product.places.apiUrl, words));
  const held = () => sockets.filter((socket) => socket.readyState === "open").length;
  await sleep(5_000);
  const early = held();
  const grown = (await product.residentMib("api")) - before;
  const tried = () => send().catch(() => undefined);
  const during = await timed(tried);
  const healed = await timed(() => until(async () => (await tried())?.status === 202));
  // The 10 s that one has for what it asks.
  await sleep(8_000);
  const late = held();
  for (const socket of sockets) socket.destroy();
  return `${early} are held after 5 s, ${late} after some 13 s; the api grew by ${grown} MiB; another client is answered or turned away in ${during}, and served ${healed} later`;
}

function openClient(url: string, words: string): Socket {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname).resume();
  let at = 0;
  const speaking = setInterval(() => at < words.length && socket.write(words[at++] ?? ""), 1_000);
  socket.on("error", () => undefined);
  socket.on("close", () => clearInterval(speaking));
  return socket;
}
