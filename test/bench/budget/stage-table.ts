// The one table of what belongs to which stage.

/**
 * Whose it is. What is a `client`'s, whoever works with Kafka, Avro, Redis and HTTP has to do in some way; `node` is
 * the engine; the rest is ours.
 */
export type Owner = "client" | "node" | "ours";

export type Stage = {
  name: string;
  owner: Owner;
  /** Parts of a file's address, each maybe with a function's name behind a `#`. */
  places: readonly string[];
};

/** In the order of a message's way. */
export const STAGES: readonly Stage[] = [
  // What serves HTTP, and what asks by it.
  {
    name: "HTTP",
    owner: "client",
    places: [
      "node_modules/fastify/",
      "node_modules/find-my-way/",
      "node_modules/fast-json-stringify/",
      "node_modules/undici/",
    ],
  },
  // Who calls, and what is asked for.
  {
    name: "accept",
    owner: "ours",
    places: [
      "services/api/",
      "libs/dialects/",
      "libs/http/",
      "libs/daily-caps/",
      "libs/key-rates/",
    ],
  },
  {
    name: "fetch",
    owner: "client",
    places: [
      "kafkajs/src/protocol/requests/fetch/",
      "kafkajs/src/consumer/fetch",
      "kafkajs/src/consumer/batch.js",
      "kafkajs/src/consumer/consumerGroup.js",
      "kafkajs/src/consumer/runner.js",
      "kafkajs/src/consumer/worker",
      "@platformatic/kafka/dist/apis/consumer/fetch",
      "@platformatic/kafka/dist/clients/consumer/messages-stream",
      "libs/kafka/kafkajs/fetch-patch.ts",
      "libs/kafka/read-batches.ts",
      "libs/kafka/batch-",
      "libs/kafka/bytes-cursor.ts",
    ],
  },
  { name: "decompress", owner: "client", places: ["libs/kafka/decompress.ts"] },
  {
    name: "decode",
    owner: "client",
    places: [
      "avsc/lib/types.js#Type.decode",
      "avsc/lib/types.js#Type.fromBuffer",
      "libs/contracts/guarded-readers.ts",
      "libs/contracts/skim.ts",
      "libs/contracts/record-codec.ts#decode",
      "libs/contracts/record-codec.ts#learn",
      "libs/contracts/record-codec.ts#read",
      "libs/contracts/codec.ts",
      "libs/kafka/read-records.ts",
      "libs/kafka/headers.ts",
    ],
  },
  // What was read is held within bounds: nobody's client does that.
  {
    name: "admit",
    owner: "ours",
    places: ["libs/contracts/bound", "libs/contracts/registry.ts#admit"],
  },
  {
    name: "join",
    owner: "ours",
    places: ["libs/provider-ids/", "services/status-report-consumer/join-reports.ts"],
  },
  { name: "load", owner: "ours", places: ["libs/flow-store/load.ts"] },
  // Whether a request may be sent at all.
  {
    name: "judge",
    owner: "ours",
    places: ["libs/judgement/", "libs/phone-numbers/", "libs/sms-text/", "libs/channel-ttl/"],
  },
  {
    name: "decide",
    owner: "ours",
    places: [
      "libs/fallback/",
      "libs/prices/",
      "libs/settings/",
      "libs/message-flow/transition.ts",
      "libs/message-flow/message-input.ts",
      "libs/message-flow/telling.ts",
      "libs/kafka/trace-context.ts",
      "services/send-request-consumer/handler.ts",
      "services/status-report-consumer/handler.ts",
      "services/timer-tick-consumer/handler.ts",
    ],
  },
  {
    name: "encode",
    owner: "client",
    places: [
      "avsc/lib/types.js#Type.encode",
      "avsc/lib/types.js#Type.toBuffer",
      "libs/contracts/short-texts.ts",
      "libs/contracts/wire-format.ts",
      "libs/contracts/record-codec.ts#encode",
    ],
  },
  // The records' contents, before they are bytes.
  {
    name: "tell",
    owner: "ours",
    places: [
      "libs/message-flow/records.ts",
      "libs/message-flow/outcome-record.ts",
      "libs/message-flow/outbox.ts",
      "libs/message-flow/tracing.ts",
      "libs/message-flow/fit.ts",
      "libs/message-flow/publish-entry.ts",
    ],
  },
  {
    name: "claim",
    owner: "ours",
    places: [
      "libs/flow-store/claim-due.ts",
      "libs/flow-store/first-due.ts",
      "services/delay-scheduler/",
    ],
  },
  { name: "commit", owner: "ours", places: ["libs/flow-store/commit.ts"] },
  {
    name: "compress",
    owner: "client",
    places: [
      "libs/kafka/compress-zstd.ts",
      "libs/kafka/stored-frame.ts",
      "libs/kafka/platformatic/own-zstd.ts",
    ],
  },
  {
    name: "produce",
    owner: "client",
    places: [
      "kafkajs/src/protocol/requests/produce/",
      "kafkajs/src/producer/",
      "@platformatic/kafka/dist/apis/producer/",
      "@platformatic/kafka/dist/clients/producer/",
      "libs/kafka/platformatic/platformatic-sender.ts",
      "libs/kafka/platformatic/to-message.ts",
      "libs/kafka/kafkajs/produce-patch.ts",
      "libs/kafka/kafkajs/kafkajs-sender.ts",
      "libs/kafka/kafkajs/key-partitioner.ts",
      "libs/kafka/kafkajs/try-whole.ts",
      "libs/kafka/kafkajs/write-",
      "libs/kafka/partitioner.ts",
      "libs/kafka/send-queue.ts",
    ],
  },
  { name: "ack", owner: "ours", places: ["libs/flow-store/ack.ts"] },
  {
    name: "offsets",
    owner: "client",
    places: [
      "kafkajs/src/consumer/offsetManager/",
      "kafkajs/src/protocol/requests/offsetCommit/",
      "kafkajs/src/protocol/requests/heartbeat/",
      "@platformatic/kafka/dist/apis/consumer/offset-commit",
      "libs/kafka/kafkajs/commit-together.ts",
      "libs/kafka/kafkajs/heartbeat.ts",
    ],
  },
  {
    name: "call",
    owner: "ours",
    places: ["services/channel-dispatcher/", "libs/dispatch-store/", "libs/providers/"],
  },
  { name: "believe receipts", owner: "ours", places: ["services/receipt-bridge/"] },
  {
    name: "notify",
    owner: "ours",
    places: ["services/webhook-notifier/", "libs/webhook-queue/", "libs/webhooks/"],
  },
  { name: "play carriers", owner: "ours", places: ["services/carrier-simulator/"] },
];

/** Where nothing of the chain is in a stage. */
export const AROUND: readonly Stage[] = [
  {
    name: "Kafka's connections",
    owner: "client",
    places: [
      "kafkajs/src/",
      "@platformatic/kafka/dist/",
      "libs/kafka/kafkajs/",
      "libs/kafka/platformatic/",
    ],
  },
  {
    name: "Redis' connection",
    owner: "client",
    places: ["node_modules/ioredis/", "libs/redis/"],
  },
  {
    name: "between the stages",
    owner: "ours",
    places: [
      "libs/message-flow/",
      "libs/kafka/",
      "libs/flow-store/",
      "libs/errors.ts",
      "services/",
    ],
  },
  { name: "metrics", owner: "ours", places: ["prom-client/", "libs/lifecycle/"] },
];
