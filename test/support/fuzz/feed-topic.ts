// Puts odd records on a topic as any client may.
import { outsideClient } from "#test/support/outside-client.ts";
import { connectRawProducer, type RawProducer } from "#test/support/raw-producer.ts";
import { toBatch } from "./odd-packing.ts";
import { type OddRecord } from "./odd-records.ts";

/** A batch: some records, so that the good among them have odd neighbours. */
const BATCH_COUNT = 50;
/** Well below what brokers take. */
const BATCH_BYTES = 500_000;

type OddSender = AsyncDisposable & {
  /** Resolves with those that the broker took; it refuses by itself what is too large or no batch. */
  send(records: readonly OddRecord[]): Promise<OddRecord[]>;
};

/** A sender to every partition of `topic`, whatever a record's key says. */
export async function connectOddSender(brokers: readonly string[], topic: string) {
  const partitionCount = await partitionsOf(brokers, topic);
  const producer = await connectRawProducer(brokers[0]!);
  let batchCount = 0;
  const send = async (records: readonly OddRecord[]) => {
    const partition = batchCount++ % partitionCount;
    return sendAll(records, (batch) => producer.send({ topic, partition }, batch));
  };
  return {
    async send(records) {
      const taken: OddRecord[] = [];
      for (const some of batchesOf(records)) taken.push(...(await send(some)));
      return taken;
    },
    async [Symbol.asyncDispose]() {
      producer[Symbol.dispose]();
    },
  } satisfies OddSender;
}

type Send = (batch: Buffer) => ReturnType<RawProducer["send"]>;

/** All in one batch, or one by one where the broker refuses that. */
async function sendAll(records: readonly OddRecord[], send: Send): Promise<readonly OddRecord[]> {
  const [first] = records;
  if (first === undefined) return [];
  if ((await send(toBatch(records, first.packing))) === 0) return records;
  if (records.length === 1) return [];
  const taken: OddRecord[] = [];
  for (const record of records) taken.push(...(await sendAll([record], send)));
  return taken;
}

/** Those of one packing together; a damaged one alone. */
function* batchesOf(records: readonly OddRecord[]): Generator<readonly OddRecord[]> {
  for (const record of records) if (record.packing.damage !== null) yield [record];
  const sound = records.filter(({ packing }) => packing.damage === null);
  for (const some of Map.groupBy(sound, ({ packing }) => packing.codec).values()) {
    let from = 0;
    let byteCount = 0;
    for (const [index, { value, key }] of some.entries()) {
      if (index - from === BATCH_COUNT || (index > from && byteCount > BATCH_BYTES)) {
        yield some.slice(from, index);
        from = index;
        byteCount = 0;
      }
      byteCount += (value?.length ?? 0) + (key?.length ?? 0);
    }
    yield some.slice(from);
  }
}

async function partitionsOf(brokers: readonly string[], topic: string): Promise<number> {
  const admin = outsideClient(brokers).admin();
  await admin.connect();
  try {
    return (await admin.fetchTopicOffsets(topic)).length;
  } finally {
    await admin.disconnect();
  }
}
