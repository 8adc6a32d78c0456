// The plain service in processes of its own.
import type { Bench } from "../bench.ts";
import { type Running, startBenchProcess } from "../processes.ts";
import { createPeerTopics, type PeerTopics } from "./peer-topics.ts";

/** Starts what takes requests and reports. At the end the peers' Redis is to be emptied. */
export async function startPlain(bench: Bench): Promise<{ service: Running; at: PeerTopics }> {
  const at = await createPeerTopics(bench);
  return { service: await start("plain-consumer-process.ts", bench, at), at };
}

/** Starts what looks for waits that are over. */
export function startPlainTimers(bench: Bench, at: PeerTopics): Promise<Running> {
  return start("plain-timers-process.ts", bench, at);
}

function start(file: string, bench: Bench, { prefix }: PeerTopics): Promise<Running> {
  const { kafkaBrokers, schemaRegistryUrl } = bench.infrastructure;
  const args = [kafkaBrokers.join(","), schemaRegistryUrl, bench.peerRedis.url, prefix];
  return startBenchProcess(`peers/plain/${file}`, { args, cores: bench.cores?.measured });
}
