// The plain service in processes of its own, on topics of its own.
import { randomUUID } from "node:crypto";
import type { Bench } from "../bench.ts";
import { createPlainTopics } from "../bench-kafka.ts";
import { type Running, startBenchProcess } from "../processes.ts";
import { type PlainTopics, plainTopics } from "./plain/plain-topics.ts";

/** Starts what takes requests and reports. At the end the peers' Redis is to be emptied. */
export async function startPlain(bench: Bench): Promise<{ service: Running; at: PlainTopics }> {
  const at = plainTopics(`plain-${randomUUID()}`);
  const commands = [at.commandsOf("whatsapp"), at.commandsOf("sms")];
  const names = [at.requests, at.reports, at.outcomes, ...commands];
  await createPlainTopics(bench.infrastructure.kafkaBrokers, names);
  return { service: await start("plain-consumer-process.ts", bench, at), at };
}

/** Starts what looks for waits that are over. */
export function startPlainTimers(bench: Bench, at: PlainTopics): Promise<Running> {
  return start("plain-timers-process.ts", bench, at);
}

function start(file: string, bench: Bench, { prefix }: PlainTopics): Promise<Running> {
  const { kafkaBrokers, schemaRegistryUrl } = bench.infrastructure;
  const args = [kafkaBrokers.join(","), schemaRegistryUrl, bench.peerRedis.url, prefix];
  return startBenchProcess(`peers/plain/${file}`, { args, cores: bench.cores?.measured });
}
