// Opens the shards of a Redis that holds what it should: a brand-new one, one that was restarted with
// what it had, or one from before there were epochs. One that is empty although the journal is not, or
// that has lost writes, stays closed.
import { topics } from "#libs/contracts/topics.ts";
import { epochName, LOST } from "#libs/flow-store/epoch.ts";
import type { InspectedShard } from "#libs/flow-store/ports.ts";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import { type KafkaConfig, kafkajsClient } from "#libs/kafka/kafkajs-client.ts";
import type { ConnectedFlow } from "#libs/message-flow/connect-flow.ts";
import { openStores } from "#libs/redis/open-script.ts";
import { otherStores } from "#services/delay-scheduler/other-stores.ts";

type Opening = {
  flow: Pick<ConnectedFlow, "store" | "log" | "redis">;
  kafka: KafkaConfig;
};

/**
 * Opens what can be, and the stores beside the shards once all of these are open. Throws RetriableError
 * while Redis or Kafka is away. Several at once are harmless.
 */
export async function openShards({ flow, kafka }: Opening): Promise<void> {
  const { store, log, redis } = flow;
  const closed = (await store.inspect()).filter(({ isOpen }) => !isOpen);
  const isUnknown = closed.some(({ epoch, counter }) => epoch.token === "" && counter === 0);
  const empty = isUnknown ? await emptyPartitions(kafka, topics.messageJournal.name) : new Set();
  for (const one of closed.filter((each) => isWhole(each, empty))) {
    try {
      const opened = await store.open(one, { counter: one.counter, lastEpoch: "" });
      log.info({ shard: one.epoch.shard, epoch: epochName(opened) }, "a shard is open");
    } catch (error) {
      if (!(error instanceof ShardClosedError)) throw error;
    }
  }
  const isWholeNow = (await store.inspect()).every(({ isOpen }) => isOpen);
  if (isWholeNow) await openStores(redis, otherStores);
}

function isWhole({ epoch, counter }: InspectedShard, empty: ReadonlySet<unknown>): boolean {
  if (epoch.token.endsWith(` ${LOST}`)) return false;
  return epoch.token !== "" || counter > 0 || empty.has(epoch.shard);
}

async function emptyPartitions(kafka: KafkaConfig, topic: string): Promise<Set<number>> {
  const admin = kafkajsClient(kafka).admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    const empty = offsets.filter(({ low, high }) => low === high);
    return new Set(empty.map(({ partition }) => partition));
  } finally {
    await admin.disconnect();
  }
}
