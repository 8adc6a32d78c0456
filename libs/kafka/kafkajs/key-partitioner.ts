import type { PartitionerArgs } from "kafkajs";
import { choosePartition } from "../partitioner.ts";

/** Chooses as `choosePartition` does. Every record of ours has a key. */
export function keyPartitioner(): (args: PartitionerArgs) => number {
  return ({ topic, partitionMetadata, message: { partition, key } }) => {
    const bytes = typeof key === "string" ? Buffer.from(key) : (key ?? Buffer.alloc(0));
    return choosePartition({ topic, partition, key: bytes }, partitionMetadata.length);
  };
}
