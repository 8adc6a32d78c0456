// kafkajs' producer, that tries nothing again by itself.
import type { IHeaders, Message, ProducerBatch, ProducerConfig } from "kafkajs";
import { recordBytesMax } from "#libs/contracts/topics.ts";
import { afterTries, KafkaError, refusal } from "./kafka-error.ts";
import type { MemoryBroker, NewRecord } from "./memory-broker.ts";
import type { Network } from "./network.ts";

type Options = Pick<ProducerConfig, "createPartitioner">;

export function memoryProducer(
  { createPartitioner }: Options,
  broker: MemoryBroker,
  network: Network,
) {
  const partition = createPartitioner?.() ?? (() => 0);
  function place(topic: string, message: Message): number {
    const count = broker.partitionCount(topic);
    const partitionMetadata = Array.from({ length: count }, (_, partitionId) => ({
      partitionId,
      partitionErrorCode: 0,
      leader: 0,
      replicas: [0],
      isr: [0],
    }));
    return partition({ topic, partitionMetadata, message });
  }
  function append({ topicMessages = [] }: ProducerBatch): void {
    for (const { topic, messages } of topicMessages) {
      if (messages.some((message) => sizeOf(message) > recordBytesMax(topic))) {
        throw refusal("MESSAGE_TOO_LARGE");
      }
    }
    for (const { topic, messages } of topicMessages) {
      const places = Map.groupBy(messages, (message) => place(topic, message));
      for (const [at, placed] of places) broker.append(topic, at, placed.map(toRecord));
    }
  }
  return {
    connect: () => network("other", () => undefined),
    disconnect: async () => undefined,
    async sendBatch(batch: ProducerBatch): Promise<void> {
      try {
        await network("produce", () => append(batch));
      } catch (error) {
        const isRefused = error instanceof KafkaError && error.type === "MESSAGE_TOO_LARGE";
        throw isRefused ? error : afterTries(error);
      }
    },
  };
}

function sizeOf({ key, value }: Message): number {
  return (key?.length ?? 0) + (value?.length ?? 0);
}

function toRecord({ key, value, headers = {} }: Message): NewRecord {
  return { key: toBytes(key), value: toBytes(value), headers: bytesOf(headers) };
}

function toBytes(given: Buffer | string | null | undefined): Buffer | null {
  return given === null || given === undefined ? null : Buffer.from(given);
}

function bytesOf(headers: IHeaders): Record<string, unknown> {
  const entries = Object.entries(headers).map(([name, value]) => {
    return [name, Array.isArray(value) ? value.map(toBytes) : toBytes(value)] as const;
  });
  return Object.fromEntries(entries);
}
