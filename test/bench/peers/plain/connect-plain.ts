// What both processes of the plain service have.
import { SchemaRegistry } from "@kafkajs/confluent-schema-registry";
import { Redis } from "ioredis";
import kafkajs from "kafkajs";
import { outsideClient } from "#test/support/outside-client.ts";
import { peerTopics } from "../peer-topics.ts";
import { plainSender } from "./plain-sender.ts";
import { plainSteps } from "./plain-steps.ts";
import { plainStore } from "./plain-store.ts";

/** Connects to what the command line names. */
export async function connectPlain(args: readonly string[]) {
  const [brokers = "", registryUrl = "", redisUrl = "", prefix = ""] = args;
  const at = peerTopics(prefix);
  const kafka = outsideClient(brokers.split(","));
  const registry = new SchemaRegistry({ host: registryUrl });
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  const store = plainStore(new Redis(redisUrl, { enableAutoPipelining: true }));
  const sender = await plainSender({ producer, registry, at });
  return { at, kafka, store, steps: plainSteps({ store, sender, registry }) };
}
