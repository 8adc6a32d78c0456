// A peer's own topics, on which it has the same records as we have on ours.
import { randomUUID } from "node:crypto";
import type { Bench } from "../bench.ts";
import { createPlainTopics } from "../bench-kafka.ts";

export type PeerTopics = {
  prefix: string;
  requests: string;
  reports: string;
  outcomes: string;
  commandsOf: (channel: string) => string;
};

export function peerTopics(prefix: string): PeerTopics {
  return {
    prefix,
    requests: `${prefix}-requests`,
    reports: `${prefix}-reports`,
    outcomes: `${prefix}-outcomes`,
    commandsOf: (channel) => `${prefix}-commands-${channel}`,
  };
}

/** New ones for one measurement. */
export async function createPeerTopics({ infrastructure }: Bench): Promise<PeerTopics> {
  const at = peerTopics(`peer-${randomUUID()}`);
  const commands = [at.commandsOf("whatsapp"), at.commandsOf("sms")];
  const names = [at.requests, at.reports, at.outcomes, ...commands];
  await createPlainTopics(infrastructure.kafkaBrokers, names);
  return at;
}
