import type { Message, Producer } from "kafkajs";
import { toConnectFault } from "../connect-fault.ts";
import { isRefusal, toFault } from "../faults.ts";
import type { KafkaConfig } from "../kafka-config.ts";
import type { Sendable } from "../ports.ts";
import type { Sender } from "../sender.ts";
import { kafkajsClient } from "./kafkajs-client.ts";
import { keyPartitioner } from "./key-partitioner.ts";
import { kafkajs } from "./repaired-kafkajs.ts";
import { tryWhole } from "./try-whole.ts";

const ACKS_OF_ALL_IN_SYNC = -1;
/**
 * Measured with 694-byte journal entries in calls of 512 (records/s produced and consumed, bytes in
 * the broker): none 54k, 162k, 808; gzip 38k, 167k, 146; zstd 64k, 181k, 143. Records that are sent
 * alone cost a third to two thirds more CPU with zstd.
 */
const COMPRESSION = kafkajs.CompressionTypes.ZSTD;
/** Its tries lose records (`try-whole.ts`). */
const retry = { retries: 0 };

/** Throws RetriableError while Kafka is away, ConfigError where it refuses us. */
export async function connectKafkajsSender(config: KafkaConfig): Promise<Sender> {
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
  return {
    async send(records) {
      try {
        if (hasFailed) await reconnect(producer);
        hasFailed = false;
        const topicMessages = toTopicMessages(records);
        const batch = { acks: ACKS_OF_ALL_IN_SYNC, compression: COMPRESSION, topicMessages };
        await tryWhole(() => producer.sendBatch(batch));
      } catch (error) {
        hasFailed = !isRefusal(error);
        throw toFault(error, "take records");
      }
    },
    close: () => producer.disconnect(),
  };
}

/** kafkajs would go on with a connection whose other end has vanished, until TCP gives it up. */
async function reconnect(producer: Producer): Promise<void> {
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
