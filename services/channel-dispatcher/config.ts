import { readOutward } from "#libs/config/outward.ts";
import type { EnvReader } from "#libs/config/read-env.ts";
import { type Channel, channels } from "#libs/contracts/topics.ts";
import { readFlowConfig } from "#libs/message-flow/flow-config.ts";
import { readSecretsKeys } from "#libs/webhooks/secrets-key.ts";

export type Config = ReturnType<typeof readConfig>;

/** Reads the settings of the channel-dispatcher. */
export function readConfig(read: EnvReader) {
  const calls = { default: 64, min: 1, max: 1_000 };
  const rate = { default: 1_000, min: 1, max: 100_000 };
  const flow = readFlowConfig(read);
  return {
    ...flow,
    secretsKeys: readSecretsKeys(read),
    outward: readOutward(read, "CONNECTION_ALLOW_PRIVATE", flow),
    channels: readChannels(read),
    carrierUrl: read.url("CARRIER_URL", { default: "http://127.0.0.1:8082" }),
    // A claim's lease is twice this and 3 s: so long is a command held by a dispatcher that died.
    carrierTimeoutMs: read.integer("CARRIER_TIMEOUT_MS", { default: 5_000, min: 100, max: 60_000 }),
    callsInFlightMax: read.integer("CALLS_IN_FLIGHT_MAX", calls),
    ratePerSecond: read.number("DISPATCH_RATE_PER_SECOND", rate),
  };
}

function readChannels(read: EnvReader): Channel[] {
  const words = read.text("CHANNELS", { default: channels.join(",") }).split(",");
  const wanted = new Set(words.map((word) => word.trim()).filter((word) => word !== ""));
  const known = channels.filter((channel) => wanted.has(channel));
  // The reader's own sentence says which words there are.
  if (known.length < wanted.size || known.length === 0) read.oneOf("CHANNELS", channels);
  return known;
}
