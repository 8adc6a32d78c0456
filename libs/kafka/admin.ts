// Topics are made by a command and never by a broker on its own: partitions, retention and
// compaction are part of the contract.
import { setTimeout as sleep } from "node:timers/promises";
import type { Admin } from "kafkajs";
import { RetriableError } from "#libs/errors.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { toConnectFault } from "./connect-fault.ts";
import { toFault } from "./faults.ts";
import type { KafkaConfig } from "./kafka-config.ts";
import { kafkajsClient } from "./kafkajs/kafkajs-client.ts";

type TopicDefinition = {
  name: string;
  partitions: number;
  replicationFactor: number;
  /** Its partitions do not depend on keys: there may be more of them, and they are added. */
  mayGrow?: boolean;
  config: Readonly<Record<string, string>>;
};

/** Topics that are not as they should be: nobody but a person can mend that. */
class TopicFault extends Error {}

/** A busy broker that has just started takes this long for two dozen topics. */
const LEADER_TIMEOUT_MS = 60_000;
const LEADER_POLL_MS = 50;

/**
 * Creates the topics that are missing and waits for the leaders of all; existing ones stay as they are.
 * Throws RetriableError when Kafka cannot be reached, ConfigError when it refuses us, an Error when a topic has another number of
 * partitions: keys would change theirs, so nobody does that by the way.
 */
export async function createTopics(
  kafka: Omit<KafkaConfig, "log">,
  definitions: readonly TopicDefinition[],
): Promise<{ created: string[] }> {
  const log = createLog("kafka-admin", "error");
  const admin = kafkajsClient({ ...kafka, log }).admin();
  try {
    await admin.connect();
  } catch (error) {
    throw toConnectFault(error);
  }
  try {
    const existing = new Set(await admin.listTopics());
    const missing = definitions.filter(({ name }) => !existing.has(name));
    // kafkajs' own wait for leaders gives up at the first broker that has not heard of a topic yet,
    // which is usual for an instant after it was created.
    const made = { topics: missing.map(toTopic), waitForLeaders: false };
    if (missing.length > 0) await admin.createTopics(made);
    // Also of those that were there: somebody else may have made them an instant ago.
    await awaitLeaders(
      admin,
      definitions.map(({ name }) => name),
    );
    const present = definitions.filter(({ name }) => existing.has(name));
    if (present.length > 0) {
      const { topics } = await admin.fetchTopicMetadata({
        topics: present.map(({ name }) => name),
      });
      await addPartitions(admin, present, topics);
      checkPartitions(present, topics);
    }
    return { created: missing.map(({ name }) => name) };
  } catch (error) {
    throw error instanceof TopicFault ? error : toFault(error, "tell and create topics");
  } finally {
    await admin.disconnect();
  }
}

async function awaitLeaders(admin: Admin, names: string[]): Promise<void> {
  const deadline = Date.now() + LEADER_TIMEOUT_MS;
  while (!(await haveLeaders(admin, names))) {
    if (Date.now() > deadline) throw new RetriableError(`No leaders yet for ${names.join(", ")}`);
    await sleep(LEADER_POLL_MS);
  }
}

/** Metadata can name a leader that does not know it yet; one that tells its offsets does. */
async function haveLeaders(admin: Admin, names: string[]): Promise<boolean> {
  try {
    await Promise.all(names.map((name) => admin.fetchTopicOffsets(name)));
    return true;
  } catch (error) {
    // What kafkajs makes of a topic of which the broker that it asks, one of several, has not heard yet.
    if (error instanceof TypeError) return false;
    const fault = toFault(error, "name the leaders of new topics");
    if (fault instanceof RetriableError) return false;
    throw fault;
  }
}

function toTopic({ name, partitions, replicationFactor, config }: TopicDefinition) {
  const configEntries = Object.entries(config).map(([key, value]) => ({ name: key, value }));
  return { topic: name, numPartitions: partitions, replicationFactor, configEntries };
}

type FoundTopic = { name: string; partitions: unknown[] };

async function addPartitions(
  admin: Admin,
  wanted: readonly TopicDefinition[],
  found: readonly FoundTopic[],
): Promise<void> {
  const counts = new Map(found.map(({ name, partitions }) => [name, partitions.length]));
  const small = wanted.filter(({ name, partitions, mayGrow }) => {
    return mayGrow === true && (counts.get(name) ?? partitions) < partitions;
  });
  if (small.length === 0) return;
  const topicPartitions = small.map(({ name, partitions }) => ({ topic: name, count: partitions }));
  await admin.createPartitions({ topicPartitions });
}

function checkPartitions(wanted: readonly TopicDefinition[], found: readonly FoundTopic[]): void {
  const counts = new Map(found.map(({ name, partitions }) => [name, partitions.length]));
  const fixed = wanted.filter(({ mayGrow }) => mayGrow !== true);
  const wrong = fixed.filter(({ name, partitions }) => counts.get(name) !== partitions);
  if (wrong.length === 0) return;
  const list = wrong.map(
    ({ name, partitions }) => `${name}: ${counts.get(name)}, not ${partitions}`,
  );
  throw new TopicFault(
    `Topics have another number of partitions than they should (${list.join("; ")}).`,
  );
}

/** How many partitions a topic has. Throws RetriableError while Kafka is away, or does not know it. */
export async function partitionCountOf(kafka: KafkaConfig, topic: string): Promise<number> {
  const admin = kafkajsClient(kafka).admin();
  try {
    await admin.connect();
  } catch (error) {
    throw toConnectFault(error);
  }
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions.length ?? 0;
  } catch (error) {
    throw toFault(error, `tell how ${topic} is split`);
  } finally {
    await admin.disconnect();
  }
}
