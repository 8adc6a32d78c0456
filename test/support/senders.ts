import type { KafkaConnection } from "#libs/config/connections.ts";

type Sender = { name: string; sender: Pick<KafkaConnection, "sender"> };

/** The clients that may send, as a part of a connection: each keeps the whole contract. */
export const senders: readonly Sender[] = [
  { name: "kafkajs", sender: {} },
  { name: "platformatic", sender: { sender: "platformatic" } },
];
