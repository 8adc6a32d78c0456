// The producer: one send in flight, and what arrives meanwhile shares the next one. The busier it
// is, the fewer and larger its requests are. It is not "idempotent" in kafkajs' sense, because that
// mode loses records when a send fails (kafkajs issue 598); ids make repeats harmless instead.
import kafkajs, { type Producer as KafkajsProducer, type Message } from "kafkajs";
import { RetriableError } from "#libs/errors.ts";
import { toFault } from "./faults.ts";
import { type KafkaConfig, kafkajsClient } from "./kafkajs-client.ts";
import type { OutgoingRecord, Producer } from "./ports.ts";

/** Stays well below the brokers' default limit of 1 MiB per partition batch with 12 partitions. */
const SEND_COUNT_MAX = 2_000;
/** Callers wait in `publish` beyond this, so that a slow Kafka slows them down. */
const WAITING_COUNT_MAX = 50_000;
const ACKS_OF_ALL_IN_SYNC = -1;

type Call = {
  records: readonly OutgoingRecord[];
  resolve: () => void;
  reject: (error: Error) => void;
};

/** Connects a producer. Disposal sends what waits, then disconnects. */
export async function connectProducer(config: KafkaConfig): Promise<Producer> {
  const producer = kafkajsClient(config).producer({
    allowAutoTopicCreation: false,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  await connectOrFail(producer);
  const queue = sendQueue(producer);
  return {
    publish: (records) => queue.add(records),
    async [Symbol.asyncDispose]() {
      await queue.drained();
      await producer.disconnect();
    },
  };
}

async function connectOrFail(producer: KafkajsProducer): Promise<void> {
  try {
    await producer.connect();
  } catch (error) {
    throw new RetriableError("Kafka cannot be reached", { cause: error });
  }
}

function sendQueue(producer: KafkajsProducer) {
  const waiting: Call[] = [];
  let waitingCount = 0;
  let sending: Promise<void> | undefined;

  async function add(records: readonly OutgoingRecord[]): Promise<void> {
    if (records.length === 0) return;
    while (waitingCount > WAITING_COUNT_MAX) await sending;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.push({ records, resolve, reject });
    waitingCount += records.length;
    sending ??= sendAll();
    await promise;
  }

  async function sendAll(): Promise<void> {
    // Callers of the same turn of the event loop belong together.
    await Promise.resolve();
    while (waiting.length > 0) {
      const calls = takeCalls(waiting);
      await sendCalls(producer, calls);
      waitingCount -= calls.reduce((sum, { records }) => sum + records.length, 0);
    }
    sending = undefined;
  }

  async function drained(): Promise<void> {
    while (sending) await sending;
  }
  return { add, drained };
}

/** Takes calls as long as they fit into one send; the first one is taken whatever its size. */
function takeCalls(waiting: Call[]): Call[] {
  let count = waiting[0]?.records.length ?? 0;
  let end = 1;
  for (; end < waiting.length; end++) {
    count += waiting[end]?.records.length ?? 0;
    if (count > SEND_COUNT_MAX) break;
  }
  return waiting.splice(0, end);
}

/** One bad record must not fail those that only shared its send: then each call is sent alone. */
async function sendCalls(producer: KafkajsProducer, calls: readonly Call[]): Promise<void> {
  try {
    await send(
      producer,
      calls.flatMap(({ records }) => records),
    );
    for (const { resolve } of calls) resolve();
  } catch (error) {
    const fault = toFault(error, "take records");
    if (calls.length === 1 || fault instanceof RetriableError) {
      for (const { reject } of calls) reject(fault);
      return;
    }
    for (const call of calls) await sendCalls(producer, [call]);
  }
}

async function send(producer: KafkajsProducer, records: readonly OutgoingRecord[]): Promise<void> {
  const byTopic = Map.groupBy(records, ({ topic }) => topic);
  const topicMessages = [...byTopic].map(([topic, ofTopic]) => {
    return { topic, messages: ofTopic.map(toMessage) };
  });
  await producer.sendBatch({ acks: ACKS_OF_ALL_IN_SYNC, topicMessages });
}

function toMessage({ key, value, partition, headers }: OutgoingRecord): Message {
  const message: Message = { key, value };
  if (partition !== undefined) message.partition = partition;
  if (headers) message.headers = headers;
  return message;
}
