// @platformatic/kafka's producer as this house uses it. Its versions are pinned; what is said of it here is of 2.12.1.
import { isIP } from "node:net";
import { type Connection, Producer, type SASLMechanismValue } from "@platformatic/kafka";
import type { Sasl } from "#libs/config/connections.ts";
import type { KafkaConfig } from "../kafka-config.ts";

/** A broker that takes longer than this to answer is away. */
const REQUEST_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 3_000;
/** As often as kafkajs asks. Whoever does not lead any more says so, and is asked at once. */
const METADATA_AGE_MS = 300_000;
/** For a leader that has just moved; whoever calls knows better what to pause. */
const retry = { retries: 2, retryDelay: 300 };

/** Keys, values, and names and values of headers, all as bytes. */
export type Client = Producer<Buffer, Buffer | null, Buffer, Buffer | null>;

/** A producer that is not connected yet. `onFault` hears why a connection ended, or never came about. */
export function platformaticClient(
  { brokers, tls, sasl }: Pick<KafkaConfig, "brokers" | "tls" | "sasl">,
  onFault: (error: Error) => void,
): Client {
  const client: Client = new Producer({
    clientId: "fallthrough",
    bootstrapBrokers: [...brokers],
    ...(tls && { tls, tlsServerName: brokers.every((broker) => isIP(hostOf(broker)) === 0) }),
    ...(sasl && { sasl: { ...sasl, mechanism: mechanismOf(sasl) } }),
    autocreateTopics: false,
    timeout: REQUEST_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    metadataMaxAge: METADATA_AGE_MS,
    ...retry,
  });
  // It listens to the first error of a connection alone: a second one, as of a socket that is reset after a login was
  // refused, would end the process.
  client.connections.on("connecting", ({ connection }: { connection: Connection }) => {
    connection.on("error", onFault);
  });
  return client;
}

function hostOf(broker: string): string {
  return broker.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
}

function mechanismOf({ mechanism }: Sasl): SASLMechanismValue {
  if (mechanism === "plain") return "PLAIN";
  return mechanism === "scram-sha-256" ? "SCRAM-SHA-256" : "SCRAM-SHA-512";
}
