// A kafkajs client of the in-memory broker: the calls that libs/kafka makes, with kafkajs' own ways.
import type { ConsumerConfig, Kafka } from "kafkajs";
import { memoryAdmin } from "./memory-admin.ts";
import type { MemoryBroker } from "./memory-broker.ts";
import { memoryCluster } from "./memory-cluster.ts";
import { MemoryConsumer } from "./memory-consumer.ts";
import { memoryProducer } from "./memory-producer.ts";
import type { Network } from "./network.ts";

type Options = {
  network?: Network;
  /** What one fetch brings of a partition at most: few records, so that a schedule has many batches. */
  fetchCountMax?: number;
};

const atOnce: Network = async (_, carryOut) => carryOut();

/** kafkajs keeps it behind a symbol of this name, too. */
const CREATE_CLUSTER = Symbol("private:Kafka:createCluster");

/** In the place of `new Kafka(...)`. */
export function memoryKafka(broker: MemoryBroker, options: Options = {}): Kafka {
  const { network = atOnce, fetchCountMax = 8 } = options;
  const client = {
    producer: (config: Parameters<typeof memoryProducer>[0]) =>
      memoryProducer(config, broker, network),
    consumer: (config: ConsumerConfig) =>
      new MemoryConsumer({ ...config, fetchCountMax }, broker, network),
    admin: () => memoryAdmin(broker, network),
    [CREATE_CLUSTER]: () => memoryCluster(broker, { network, fetchCountMax }),
  };
  return client as unknown as Kafka;
}
