// The deploy step: everything that must be there before a service starts. Done twice it changes
// nothing; all-in-one does it at every start.
import type { KafkaConnection, RegistryConnection } from "#libs/config/connections.ts";
import { createTopics } from "#libs/kafka/admin.ts";
import { registerSchemas } from "./registry.ts";
import { type TopicSizes, topicDefinitions } from "./topics.ts";

export type MigrateConfig = KafkaConnection & RegistryConnection & { sizes: TopicSizes };

/**
 * Creates the topics that are missing and registers the schemas. Throws RetriableError while Kafka
 * or the registry cannot be reached; an Error if a topic has another number of partitions, or a
 * schema does not fit with those registered before.
 */
export async function migrate({ sizes, ...connections }: MigrateConfig) {
  const { created } = await createTopics(connections, topicDefinitions(sizes));
  await registerSchemas(connections);
  return { createdTopics: created };
}
