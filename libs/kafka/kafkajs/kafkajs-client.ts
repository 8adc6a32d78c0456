// The kafkajs client as this house uses it: repaired, with zstd, its logs in ours.
import type { Kafka, LogEntry } from "kafkajs";
import type { Log } from "#libs/telemetry/log.ts";
import type { KafkaConfig } from "../kafka-config.ts";
import { patchAssignment } from "./assignment-patch.ts";
import { patchConnect } from "./connect-patch.ts";
import { patchCoordinator } from "./coordinator-patch.ts";
import { patchEmptyBatches } from "./empty-batch-patch.ts";
import { patchFetch } from "./fetch-patch.ts";
import { patchHangUp } from "./hang-up-patch.ts";
import { patchMemberId } from "./member-id-patch.ts";
import { patchNewConnection } from "./new-connection-patch.ts";
import { patchOffsetReset } from "./offset-reset-patch.ts";
import { patchProduce } from "./produce-patch.ts";
import { kafkajs } from "./repaired-kafkajs.ts";
import { patchRequestQueue } from "./request-queue-patch.ts";
import { registerZstd } from "./zstd.ts";

/** A broker that takes longer than this to answer is away. The longest fetch waits 0.5 s. */
const REQUEST_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 3_000;
/** About 3 s in all; beyond that the caller knows better what to pause. */
const retry = { retries: 6, initialRetryTime: 100, maxRetryTime: 1_000 };

patchRequestQueue();
patchConnect();
patchHangUp();
patchNewConnection();
patchEmptyBatches();
patchAssignment();
patchMemberId();
patchFetch();
patchProduce();
patchCoordinator();
patchOffsetReset();
registerZstd();

/** A client that is not connected yet; producers, consumers and admins are made from it. */
export function kafkajsClient({ brokers, tls, sasl, log, client }: KafkaConfig): Kafka {
  if (client) return client();
  return new kafkajs.Kafka({
    clientId: "fallthrough",
    brokers: [...brokers],
    ...(tls && { ssl: tls }),
    ...(sasl && { sasl }),
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    retry,
    logLevel: kafkajs.logLevel.WARN,
    logCreator: () => (entry) => writeLog(log, entry),
  });
}

/** kafkajs calls errors what it mends by itself (a rebalance, a leader that moved): warnings here. */
function writeLog(log: Log, { namespace, log: { message, ...details } }: LogEntry) {
  log.warn({ client: namespace, ...details }, message);
}
