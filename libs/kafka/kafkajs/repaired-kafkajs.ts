// kafkajs, in which is repaired what its modules take from each other once and for all when they are loaded. What can be
// repaired later is in the files that end with `-patch`.
import { createRequire } from "node:module";
import type { Message, PartitionerArgs, PartitionMetadata } from "kafkajs";
import { replaceInternal } from "./kafkajs-internals.ts";

type Sent = {
  topic: string;
  partitionMetadata: PartitionMetadata[];
  messages: readonly Message[];
  partitioner: (args: PartitionerArgs) => number;
};

// kafkajs 2.2.4 copies all that it has of a partition for each further message.
replaceInternal("producer/groupMessagesPerPartition", groupByPartition);

/** The module as `import kafkajs from "kafkajs"` has it. */
export const kafkajs: typeof import("kafkajs") = createRequire(import.meta.url)("kafkajs");

function groupByPartition({ topic, partitionMetadata, messages, partitioner }: Sent) {
  if (partitionMetadata.length === 0) return {};
  return Object.groupBy(messages, (message) => partitioner({ topic, partitionMetadata, message }));
}
