// Puts odd records on a topic as any client may, and waits until the product has read past them.
import kafkajs, { type Message, type Producer } from "kafkajs";
import { outsideClient } from "#test/support/outside-client.ts";
import { registerOddCodecs } from "./odd-codec.ts";
import type { OddRecord } from "./odd-records.ts";

const { None, GZIP, ZSTD } = kafkajs.CompressionTypes;
const TYPES = { none: None, gzip: GZIP, zstd: ZSTD };
/** Records in one call: few enough that a broker's refusal of one costs few others. */
const CALL_SIZE = 50;

export type OddSender = AsyncDisposable & {
  /** Resolves with how many the broker took; it refuses by itself what is too large or no record. */
  send(topic: string, records: readonly OddRecord[]): Promise<number>;
};

export async function connectOddSender(brokers: readonly string[]): Promise<OddSender> {
  const kafka = outsideClient(brokers);
  registerOddCodecs();
  const producer = kafka.producer({ retry: { retries: 1 } });
  await producer.connect();
  return {
    async send(topic, records) {
      let takenCount = 0;
      for (const [compression, some] of Map.groupBy(records, (each) => each.compression)) {
        for (let from = 0; from < some.length; from += CALL_SIZE) {
          const messages = some.slice(from, from + CALL_SIZE).map(toMessage);
          takenCount += await sendEach(producer, {
            topic,
            compression: TYPES[compression],
            messages,
          });
        }
      }
      return takenCount;
    },
    [Symbol.asyncDispose]: () => producer.disconnect(),
  };
}

type Call = { topic: string; compression: kafkajs.CompressionTypes; messages: Message[] };

/** All in one call, or one by one where the broker refuses that. */
async function sendEach(producer: Producer, call: Call): Promise<number> {
  try {
    await producer.send({ ...call, acks: -1 });
    return call.messages.length;
  } catch {
    if (call.messages.length === 1) return 0;
    let takenCount = 0;
    for (const message of call.messages) {
      takenCount += await sendEach(producer, { ...call, messages: [message] });
    }
    return takenCount;
  }
}

function toMessage({ key, value, headers }: OddRecord): Message {
  return { key, value, headers };
}
