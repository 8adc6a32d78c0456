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

export async function manyConnections(product: PressedProduct, { send }: Customer) {
  const { port, hostname } = new URL(product.places.apiUrl);
  const before = await product.residentMib("api");
  const sockets = Array.from({ length: 10_000 }, () => connect(Number(port), hostname));
  const closed = new Set<Socket>();
  for (const socket of sockets) {
    socket.resume();
    socket.on("error", () => closed.add(socket));
    socket.on("close", () => closed.add(socket));
  }
  // Some seconds until all stand, and the 10 s that a silent one has.
  await sleep(15_000);
  const held = sockets.length - closed.size;
  const grown = (await product.residentMib("api")) - before;
  const tried = () => send().catch(() => undefined);
  const refused = await timed(tried);
  const healed = await timed(() => until(async () => (await tried())?.status === 202));
  for (const socket of sockets) socket.destroy();
  return `${held} are still held after 15 s; the api grew by ${grown} MiB; a new client is turned away in ${refused}, and served after ${healed}, when silent ones have been closed`;
}
