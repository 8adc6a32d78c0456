// The one table of what belongs to which stage. Of a chain of calls the innermost place counts that is in it: bytes
// that avsc writes for an outbox are encoded, whoever asked for it.
import type { Frame } from "./cpu-profile.ts";

/**
 * Whose it is. What is a `client`'s, whoever works with Kafka, Avro and Redis has to do in some way; `node` is the
 * engine; the rest is ours.
 */
export type Owner = "client" | "node" | "ours";

type Stage = {
  name: string;
  owner: Owner;
  /** Parts of a file's address, each maybe with a function's name behind a `#`. */
  places: readonly string[];
};

/** In the order of a record's way. */
const STAGES: readonly Stage[] = [
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
      "/handler.ts",
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
    places: ["libs/kafka/compress-zstd.ts", "libs/kafka/platformatic/own-zstd.ts"],
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
      "libs/kafka/kafkajs/kafkajs-reader.ts#commit",
      "libs/kafka/kafkajs/heartbeat.ts",
    ],
  },
];

/** Where nothing of the chain is in a stage. */
const AROUND: readonly Stage[] = [
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

/** The main thread's part of it: V8 has threads for it, too. Never in a stage, whoever's memory it was. */
const COLLECTION = "garbage collection";
/** The event loop, promises, sockets and timers, with nobody on the stack who asked for it. */
const NODE = "Node";
/** Samples without a stage. */
export const OTHER = "other";

const ALL: readonly Pick<Stage, "name" | "owner">[] = [
  ...STAGES,
  ...AROUND,
  { name: COLLECTION, owner: "node" },
  { name: NODE, owner: "node" },
  { name: OTHER, owner: "ours" },
];

/** All places that the table names, whose files are to be there. */
export const placeNames: readonly string[] = [...STAGES, ...AROUND].flatMap(({ places }) => places);

/** All names, in the order of the way. */
export const stageNames: readonly string[] = ALL.map(({ name }) => name);

export function ownerOf(stage: string): Owner {
  return ALL.find(({ name }) => name === stage)?.owner ?? "ours";
}

/** The stage of a chain that begins with the innermost call; null where nothing was done. */
export function stageOf(chain: readonly Frame[]): string | null {
  const { functionName } = chain[0] ?? {};
  if (functionName === "(idle)") return null;
  if (functionName === "(garbage collector)") return COLLECTION;
  return firstOf(chain, STAGES) ?? firstOf(chain, AROUND) ?? (chain.every(isNodes) ? NODE : OTHER);
}

/** Whether a frame is no file's but Node's: what has none is V8's, or in C++. */
export function isNodes({ url }: Frame): boolean {
  return url === "" || url.startsWith("node:");
}

function firstOf(chain: readonly Frame[], stages: readonly Stage[]): string | undefined {
  for (const frame of chain) {
    const stage = stages.find(({ places }) => places.some((place) => isAt(frame, place)));
    if (stage) return stage.name;
  }
  return undefined;
}

function isAt({ url, functionName }: Frame, place: string): boolean {
  const [file = "", name] = place.split("#");
  return url.includes(file) && (name === undefined || name === functionName);
}
