import { setTimeout as sleep } from "node:timers/promises";
import { almostFull } from "#test/support/almost-full.ts";
import { type Customer, DELIVERED, sms } from "./customer.ts";
import type { PressedProduct } from "./product.ts";
import { timed, until } from "./timed.ts";

export async function redisFull({ places, upstream }: PressedProduct, customer: Customer) {
  const { send, phaseOf } = customer;
  await using redis = await almostFull(places.env["REDIS_URL"] ?? "");
  // A wait of 5 s, and two calls.
  const steps = [{ channel: "whatsapp", waitSeconds: 250, wanted: "READ" as const }, ...sms];
  const [open = ""] = await upstream.send({ to: "+6599990403", steps });
  await until(async () => (await phaseOf(open)) === "RUNNING");
  await redis.fill();
  const shed = await timed(() => until(async () => (await send()).status === 503));
  // Every process looks once a second.
  await sleep(2_000);
  const [waiting = ""] = await upstream.send({ to: DELIVERED, steps: sms });
  await until(async () => (await phaseOf(open)) === "ENDED");
  const waits = (await phaseOf(waiting)) === undefined ? "not taken" : "taken";
  await redis.empty();
  const healed = await timed(() => until(async () => (await send()).status === 202));
  const taken = await timed(() => until(async () => (await phaseOf(waiting)) === "ENDED"));
  return `503 after ${shed}; an open message went through its wait and both calls, a new one on Kafka: ${waits}; with room again 202 after ${healed}, the one on Kafka ended ${taken} later`;
}
