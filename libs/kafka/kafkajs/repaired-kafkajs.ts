// kafkajs, in which is repaired what its modules take from each other once and for all when they are loaded. What can be
// repaired later is in the files that end with `-patch`.
import { createRequire } from "node:module";
import type { Message, PartitionerArgs, PartitionMetadata } from "kafkajs";
import { replaceInternal, requireInternal } from "./kafkajs-internals.ts";

type Sent = {
  topic: string;
  partitionMetadata: PartitionMetadata[];
  messages: readonly Message[];
  partitioner: (args: PartitionerArgs) => number;
};

type BrokerPlace = { host?: string; port?: number; rack?: string };
type PoolBuilder = { build(place?: BrokerPlace): Promise<object> };
type PoolOptions = { brokers: readonly string[] };

const buildPools: (options: PoolOptions) => PoolBuilder = requireInternal(
  "cluster/connectionPoolBuilder",
);

// kafkajs 2.2.4 copies all that it has of a partition for each further message.
replaceInternal("producer/groupMessagesPerPartition", groupByPartition);
// And it parts a broker's address at its first colon, of which an IPv6 address has several.
replaceInternal("cluster/connectionPoolBuilder", poolsByAddress);

/** The module as `import kafkajs from "kafkajs"` has it. */
export const kafkajs: typeof import("kafkajs") = createRequire(import.meta.url)("kafkajs");

function groupByPartition({ topic, partitionMetadata, messages, partitioner }: Sent) {
  if (partitionMetadata.length === 0) return {};
  return Object.groupBy(messages, (message) => partitioner({ topic, partitionMetadata, message }));
}

/** Brokers that nobody names by host and port are those of the configuration, in turn. */
function poolsByAddress(options: PoolOptions): PoolBuilder {
  const { brokers } = options;
  const pools = buildPools(options);
  let turn = 0;
  return {
    build: (place = {}) => {
      if (place.host) return pools.build(place);
      const [, host = "", port] = ADDRESS.exec(brokers[turn++ % brokers.length] ?? "") ?? [];
      return pools.build({ host, port: Number(port) });
    },
  };
}

/** An IPv6 address stands in brackets. */
const ADDRESS = /^\[?(.*?)\]?:(\d+)$/;
