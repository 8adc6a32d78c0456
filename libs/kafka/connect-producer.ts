// The producer. It is not "idempotent" in kafkajs' sense, because that mode loses records when a
// send fails (kafkajs issue 598); ids make repeats harmless instead.
import type { Producer as KafkajsProducer, Message } from "kafkajs";
import { toConnectFault } from "./connect-fault.ts";
import { isRefusal, toFault } from "./faults.ts";
import type { KafkaConfig } from "./kafka-config.ts";
import { kafkajsClient } from "./kafkajs/kafkajs-client.ts";
import { keyPartitioner } from "./kafkajs/key-partitioner.ts";
import { kafkajs } from "./kafkajs/repaired-kafkajs.ts";
import type { Producer, Sendable } from "./ports.ts";
import { sendQueue } from "./send-queue.ts";

const ACKS_OF_ALL_IN_SYNC = -1;
/**
 * Measured with 694-byte journal entries in calls of 512 (records/s produced and consumed, bytes in
 * the broker): none 54k, 162k, 808; gzip 38k, 167k, 146; zstd 64k, 181k, 143. Records that are sent
 * alone cost a third to two thirds more CPU with zstd.
 */
const COMPRESSION = kafkajs.CompressionTypes.ZSTD;
/** Two more tries bound a call at 30 s if the broker is silent; the caller knows what to pause. */
const retry = { retries: 2, initialRetryTime: 300 };

/**
 * Connects a producer. Throws RetriableError while Kafka is away, ConfigError where it refuses us.
 * Disposal sends what waits, then disconnects.
 */
export async function connectProducer(config: KafkaConfig): Promise<Producer> {
  const producer = kafkajsClient(config).producer({
    allowAutoTopicCreation: false,
    createPartitioner: keyPartitioner,
    retry,
  });
  try {
    await producer.connect();
  } catch (error) {
    throw toConnectFault(error);
  }
  let hasFailed = false;
  const queue = sendQueue(async (records) => {
    try {
      if (hasFailed) await reconnect(producer);
      hasFailed = false;
      const topicMessages = toTopicMessages(records);
      await producer.sendBatch({
        acks: ACKS_OF_ALL_IN_SYNC,
        compression: COMPRESSION,
        topicMessages,
      });
    } catch (error) {
      hasFailed = !isRefusal(error);
      throw toFault(error, "take records");
    }
  });
  return {
    publish: queue.add,
    async [Symbol.asyncDispose]() {
      await queue.drained();
      await producer.disconnect();
    },
  };
}

/** kafkajs would go on with a connection whose other end has vanished, until TCP gives it up. */
async function reconnect(producer: KafkajsProducer): Promise<void> {
  await producer.disconnect();
  await producer.connect();
}

function toTopicMessages(records: readonly Sendable[]) {
  const byTopic = Map.groupBy(records, ({ topic }) => topic);
  return [...byTopic].map(([topic, ofTopic]) => ({ topic, messages: ofTopic.map(toMessage) }));
}

function toMessage(record: Sendable): Message {
  const { key, value, headers } = record;
  const message: Message = { key, value };
  if ("partition" in record && record.partition !== undefined) message.partition = record.partition;
  if (headers) message.headers = headers;
  return message;
}
