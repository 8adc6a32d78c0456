// Where a record goes by its key: as the Java client decides it, so that records of one key meet in
// one partition whoever writes them. Both clients compute the same with 64-bit numbers that are objects,
// which costs a consumer that publishes about a twentieth of its time.
import { RetriableError } from "#libs/errors.ts";

const SEED = 0x9747b28c;
const MIXER = 0x5bd1e995;

type Place = { topic: string; partition?: number | undefined; key: Buffer };

/**
 * The partition that is named, else that of the key. Throws RetriableError for one that is not there, because
 * partitions are added: kafkajs would take the record and send it nowhere, platformatic would put it into another.
 */
export function choosePartition({ topic, partition, key }: Place, partitionCount: number): number {
  if ((partition ?? 0) < partitionCount) return partition ?? partitionOf(key, partitionCount);
  throw new RetriableError(`${topic} has ${partitionCount} partitions, none is ${partition}.`);
}

/** The partition of `key` among `partitionCount`. */
export function partitionOf(key: Buffer, partitionCount: number): number {
  return (murmur2(key) & 0x7fffffff) % partitionCount;
}

/** The hash of Kafka's Java client (org.apache.kafka.common.utils.Utils.murmur2), 32 bits. */
export function murmur2(bytes: Buffer): number {
  const wholeEnd = bytes.length - (bytes.length % 4);
  let hash = SEED ^ bytes.length;
  for (let at = 0; at < wholeEnd; at += 4) {
    const word = Math.imul(bytes.readInt32LE(at), MIXER);
    hash = Math.imul(hash, MIXER) ^ Math.imul(word ^ (word >>> 24), MIXER);
  }
  if (wholeEnd < bytes.length) {
    hash = Math.imul(hash ^ bytes.readUIntLE(wholeEnd, bytes.length - wholeEnd), MIXER);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MIXER);
  return hash ^ (hash >>> 15);
}
