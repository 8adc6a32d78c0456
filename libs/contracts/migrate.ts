// The deploy step: everything that must be there before a service starts. Done twice it changes
// nothing; all-in-one does it at every start.
import { createTopics } from "#libs/kafka/admin.ts";
import { registerSchemas } from "./registry.ts";
import { type TopicSizes, topicDefinitions } from "./topics.ts";

export type MigrateConfig = { brokers: string[]; registryUrl: string; sizes: TopicSizes };

/**
 * Creates the topics that are missing and registers the schemas. Throws RetriableError while Kafka
 * or the registry cannot be reached; an Error if a topic has another number of partitions, or a
 * schema does not fit with those registered before.
 */
export async function migrate({ brokers, registryUrl, sizes }: MigrateConfig) {
  const { created } = await createTopics({ brokers }, topicDefinitions(sizes));
  await registerSchemas({ registryUrl });
  return { createdTopics: created };
}
