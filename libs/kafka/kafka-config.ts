import type { Kafka } from "kafkajs";
import type { KafkaConnection } from "#libs/config/connections.ts";
import type { Log } from "#libs/telemetry/log.ts";

/** `tls` and `sasl`: how we prove who we are, and whom we believe; clear text without. */
export type KafkaConfig = Omit<KafkaConnection, "brokers"> & {
  brokers: readonly string[];
  log: Log;
  /** Makes the clients where they are not kafkajs' own: those of a broker in memory keep to its ways. */
  client?: () => Kafka;
};
