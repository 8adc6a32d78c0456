// The kafkajs client as this house uses it: patched, with all codecs of Node, its logs in ours.
import { promisify } from "node:util";
import { zstdCompress, zstdDecompress } from "node:zlib";
import kafkajs, { type Kafka, type LogEntry } from "kafkajs";
import type { Log } from "#libs/telemetry/log.ts";
import { patchRequestQueue } from "./request-queue-patch.ts";

export type KafkaConfig = { brokers: readonly string[]; log: Log };

/** A broker that takes longer than this to answer is away. The longest fetch waits 0.5 s. */
const REQUEST_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 3_000;
/** About 3 s in all; beyond that the caller knows better what to pause. */
const retry = { retries: 6, initialRetryTime: 100, maxRetryTime: 1_000 };

const { CompressionCodecs, CompressionTypes, logLevel } = kafkajs;

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

patchRequestQueue();
// A missing codec only shows when such a batch is read, and other producers choose their own.
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: ({ buffer }: { buffer: Buffer }) => compress(buffer),
  decompress: (buffer: Buffer) => decompress(buffer),
});

/** A client that is not connected yet; producers, consumers and admins are made from it. */
export function kafkajsClient({ brokers, log }: KafkaConfig): Kafka {
  return new kafkajs.Kafka({
    clientId: "fallthrough",
    brokers: [...brokers],
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    retry,
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => writeLog(log, entry),
  });
}

/** kafkajs calls errors what it mends by itself (a rebalance, a leader that moved): warnings here. */
function writeLog(log: Log, { namespace, log: { message, ...details } }: LogEntry) {
  log.warn({ client: namespace, ...details }, message);
}
