// What a good team would write in a week: kafkajs' `eachMessage` on twelve partitions at once, a hash in Redis for each
// message, a sorted set of deadlines that a loop of another process looks through. The same Avro records come in and
// go out as with us; state is saved before a record is sent, and a step is left by whoever's script comes first.
import { connectPlain } from "./connect-plain.ts";

const PARTITIONS_AT_ONCE = 12;

const { at, kafka, steps } = await connectPlain(process.argv.slice(2));
const consumer = kafka.consumer({ groupId: at.prefix, maxWaitTimeInMs: 250 });
await consumer.connect();
await consumer.subscribe({ topics: [at.requests, at.reports], fromBeginning: true });
const joined = new Promise<void>((resolve) => {
  consumer.on(consumer.events.GROUP_JOIN, () => resolve());
});
await consumer.run({
  partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
  autoCommitInterval: 1_000,
  eachMessage: async ({ topic, message: { value } }) => {
    if (!value) return;
    await (topic === at.requests ? steps.begin(value) : steps.report(value));
  },
});
await joined;
process.once("SIGTERM", () => process.exit());
process.send?.("ready");
