import type { KafkaConfig } from "#libs/kafka/kafka-config.ts";
import { isInMemory } from "#test/support/kafka.ts";

export type ClientChoice = Pick<KafkaConfig, "library">;
type Client = { name: string; client: ClientChoice };

/**
 * The clients that may send, and read for groups, as a part of a connection: each keeps the whole contract. The broker in
 * memory knows kafkajs' ways alone.
 */
export const clients: readonly Client[] = [
  { name: "kafkajs", client: {} },
  ...(isInMemory ? [] : [{ name: "platformatic", client: { library: "platformatic" } } as const]),
];
