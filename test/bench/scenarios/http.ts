// Sends over HTTP, each answered once all replicas have its record.
import { randomUUID } from "node:crypto";
import { freePort } from "#deploy/infrastructure/ports.ts";
import type { Bench, Stretch } from "../bench.ts";
import { createPlainTopics } from "../bench-kafka.ts";
import type { Sample } from "../figures/results.ts";
import { measure, measureCounted } from "../measure.ts";
import { startBenchProcess, startService } from "../processes.ts";
import { startAllInOne } from "./all-in-one.ts";
import { httpLoad, type Target } from "./http-load.ts";
import type { Scenario } from "./scenario.ts";
import { brokerOf } from "./take.ts";

/** What the demonstration sends: the simulated carriers know how it ends. */
const BODY = JSON.stringify({
  channels: [{ channel: "WhatsApp", fallbackAfter: 60, successStatus: "Read" }, { channel: "SMS" }],
  user: { msisdn: "+6599990250" },
  type: "text",
  content: { text: "Hello World!", sms: { encoding: "AUTO", source: "SENDERID" } },
});

export const http: Scenario = {
  name: "http",
  title: "sends over HTTP at 32 connections, answered once all replicas have them",
  event: "send",
  systems: { ours, bare, "npm start": npmStart },
};

async function ours(bench: Bench): Promise<Sample> {
  const port = String(await freePort());
  const { infrastructure } = bench;
  const env = { ...bench.env, API_PORT: port };
  await using api = await startService("api", { env, cores: bench.cores?.measured });
  const watched = { api: api.pid, ...bench.watched };
  return await measureSends(bench, targetAt(port), { watched, infrastructure });
}

async function bare(bench: Bench): Promise<Sample> {
  const { infrastructure, cores } = bench;
  const topic = `bench-http-${randomUUID()}`;
  await createPlainTopics(infrastructure.kafkaBrokers, [topic]);
  const port = String(await freePort());
  const args = [infrastructure.kafkaBrokers.join(","), topic, port];
  const place = { args, cores: cores?.measured };
  await using server = await startBenchProcess("peers/bare-http-process.ts", place);
  const target = { origin: originAt(port), path: "/messages", headers: {}, body: BODY };
  const watched = { bare: server.pid, ...brokerOf(bench) };
  return await measureSends(bench, target, { watched, infrastructure });
}

/** With the whole life of each message behind it, in the same process. */
async function npmStart(bench: Bench): Promise<Sample> {
  await using product = await startAllInOne(bench);
  return await measureSends(bench, targetAt(product.apiPort), product);
}

/** First at a rate that all keep up with, then as fast as it goes. */
async function measureSends(
  { plan, around }: Bench,
  target: Target,
  { watched, infrastructure }: Stretch,
): Promise<Sample> {
  await using load = httpLoad(target);
  await load.rush(plan.warmUpSeconds);
  const { sendsPerSecond: steadyRate, sendSeconds: seconds } = plan;
  const steady = await around({ watched, infrastructure, part: "at a steady rate" }, () =>
    measure({ watched, eventCount: steadyRate * seconds }, () => {
      return load.steady({ perSecond: steadyRate, seconds });
    }),
  );
  const rush = await around({ watched, infrastructure }, () =>
    measureCounted(watched, async () => {
      const eventCount = await load.rush(seconds);
      return { figures: { perSecond: Math.round(eventCount / seconds) }, eventCount };
    }),
  );
  const { cpuUs: _ofSteady, ...latency } = steady.figures;
  return {
    ...rush,
    figures: { ...latency, ...rush.figures },
    // Whoever came in during either has part in what is told.
    foreignCores: Math.max(steady.foreignCores, rush.foreignCores),
  };
}

function targetAt(port: string): Target {
  const path = "/api/v1/subaccounts/demo/messages";
  return {
    origin: originAt(port),
    path,
    headers: { authorization: "Bearer demo-key" },
    body: BODY,
  };
}

function originAt(port: string): string {
  return `http://127.0.0.1:${port}`;
}
