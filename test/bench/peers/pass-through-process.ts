// The ceiling: kafkajs alone, reading batches and writing as many records of the same size as the
// whole path writes (a command and a journal entry for each request). A process of its own.
import kafkajs from "kafkajs";
import { outsideClient } from "#test/support/outside-client.ts";

const [brokers = "", source = "", target = "", sizes = ""] = process.argv.slice(2);
const values = sizes.split(",").map((size) => Buffer.alloc(Number(size), "x"));
const SEND_COUNT = 500;

const kafka = outsideClient(brokers.split(","));
const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
const consumer = kafka.consumer({ groupId: `${source}-ceiling`, maxWaitTimeInMs: 250 });
await producer.connect();
await consumer.connect();
await consumer.subscribe({ topics: [source], fromBeginning: true });
await consumer.run({
  autoCommit: false,
  eachBatchAutoResolve: false,
  partitionsConsumedConcurrently: 12,
  eachBatch: async (payload) => {
    const { batch } = payload;
    const { topic, partition, messages } = batch;
    for (let from = 0; from < messages.length; from += SEND_COUNT) {
      const keys = messages.slice(from, from + SEND_COUNT).map(({ key }) => key);
      const written = keys.flatMap((key) => values.map((value) => ({ key, value })));
      await producer.send({ topic: target, acks: -1, messages: written });
    }
    payload.resolveOffset(batch.lastOffset());
    const offset = (BigInt(batch.lastOffset()) + 1n).toString();
    await payload.commitOffsetsIfNecessary({
      topics: [{ topic, partitions: [{ partition, offset }] }],
    });
  },
});
process.send?.("ready");
process.once("SIGTERM", () => void Promise.all([consumer.disconnect(), producer.disconnect()]));
