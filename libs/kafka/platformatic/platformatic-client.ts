// @platformatic/kafka as this house uses it. Its versions are pinned; what is said of it here is of 2.12.1.
import { isIP, type Socket } from "node:net";
import { Base, type Connection, Producer, type SASLMechanismValue } from "@platformatic/kafka";
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

type Connecting = Pick<KafkaConfig, "brokers" | "tls" | "sasl">;
/** Hears why a connection ended, or never came about. */
type OnFault = (error: Error) => void;

/** A producer that is not connected yet. */
export function platformaticClient(config: Connecting, onFault: OnFault): Client {
  const client: Client = new Producer(optionsOf(config));
  listenTo(client, onFault);
  return client;
}

/** What asks for whatever the protocol has, by a connection of its own to each broker. Not connected yet. */
export function platformaticBase(
  config: Connecting,
  onFault: OnFault,
  requestTimeoutMs = REQUEST_TIMEOUT_MS,
): Base {
  const client = new Base({ ...optionsOf(config), requestTimeout: requestTimeoutMs });
  listenTo(client, onFault);
  return client;
}

function optionsOf({ brokers, tls, sasl }: Connecting) {
  return {
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
  };
}

/**
 * It listens to the first error of a connection alone: a second one, as of a socket that is reset after a login was
 * refused, would end the process.
 */
function listenTo(client: Pick<Base, "connections">, onFault: OnFault): void {
  client.connections.on("connecting", ({ connection }: { connection: Connection }) => {
    connection.on("error", onFault);
  });
}

/** At once: nobody reads what would still come, and a peer that has vanished never takes what was written last. */
export async function closeClient(client: Pick<Base, "connections" | "close">): Promise<void> {
  const connections = [...client.connections].map(([, connection]) => connection);
  const closed = client.close();
  // One that could never be made has none. Why it is closed is told by whoever closes it.
  for (const { socket } of connections as { socket?: Socket }[]) socket?.destroy();
  await closed.catch(() => undefined);
}

function hostOf(broker: string): string {
  return broker.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
}

function mechanismOf({ mechanism }: Sasl): SASLMechanismValue {
  if (mechanism === "plain") return "PLAIN";
  return mechanism === "scram-sha-256" ? "SCRAM-SHA-256" : "SCRAM-SHA-512";
}
