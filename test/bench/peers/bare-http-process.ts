// The least that answers a send after Kafka has it: fastify, one kafkajs producer, a record for each request.
import { randomUUID } from "node:crypto";
import { fastify } from "fastify";
import kafkajs from "kafkajs";
import { outsideClient } from "#test/support/outside-client.ts";

const [brokers = "", topic = "", port = ""] = process.argv.slice(2);

const kafka = outsideClient(brokers.split(","));
const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
await producer.connect();
const server = fastify();
server.post("/messages", async ({ body }, reply) => {
  const messageId = randomUUID();
  const value = JSON.stringify({ messageId, ...Object(body) });
  await producer.send({ topic, acks: -1, messages: [{ key: messageId, value }] });
  return reply.code(200).send({ messageId });
});
await server.listen({ host: "127.0.0.1", port: Number(port) });
process.once("SIGTERM", () => process.exit());
process.send?.("ready");
