import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterMetadata } from "@platformatic/kafka";
import { RetriableError } from "#libs/errors.ts";
import type { KafkaConfig } from "../kafka-config.ts";
import type { Sendable } from "../ports.ts";
import type { Sender } from "../sender.ts";
import { useOwnZstd } from "./own-zstd.ts";
import { type Client, closeClient, platformaticClient } from "./platformatic-client.ts";
import { toConnectFault, toSendFault } from "./platformatic-faults.ts";
import { toMessage } from "./to-message.ts";

const ACKS_OF_ALL_IN_SYNC = -1;
/** Its tries of several requests, each with a limit of its own, could add up to minutes. */
const SEND_LIMIT_MS = 30_000;

/** Throws RetriableError while Kafka is away, ConfigError where it refuses us. */
export async function connectPlatformaticSender(config: KafkaConfig): Promise<Sender> {
  useOwnZstd();
  let faults: Error[] = [];
  const open = () => platformaticClient(config, (error) => void faults.push(error));
  let client = open();
  try {
    await inTime(client.metadata({ topics: [] }));
  } catch (error) {
    await closeClient(client);
    // Whoever waits for a reply is told of the end of the connection, and not of its reason.
    throw toConnectFault([error, ...faults]);
  }
  return {
    async send(records) {
      faults = [];
      try {
        if (client.closed) client = open();
        await inTime(sendOnce(records, client));
      } catch (error) {
        const fault = toSendFault(error);
        // What it may still try must not come behind what is sent next, nor go by a connection that is dead.
        if (fault instanceof RetriableError) await closeClient(client);
        for (const each of faults) config.log.warn({ error: each }, "a connection to Kafka failed");
        throw fault;
      }
    },
    close: () => closeClient(client),
  };
}

async function sendOnce(records: readonly Sendable[], client: Client): Promise<void> {
  const topics = [...new Set(records.map(({ topic }) => topic))];
  const known: ClusterMetadata = await client.metadata({ topics });
  const partitionCount = (topic: string) => known.topics.get(topic)?.partitionsCount ?? 0;
  const messages = records.map((record) => toMessage(record, partitionCount(record.topic)));
  await client.send({ messages, acks: ACKS_OF_ALL_IN_SYNC, compression: "zstd" });
}

async function inTime(work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  const limit = sleep(SEND_LIMIT_MS, undefined, { signal: done.signal }).then(
    () => {
      throw new RetriableError(`Kafka has not answered within ${SEND_LIMIT_MS} ms`);
    },
    () => undefined,
  );
  try {
    await Promise.race([work, limit]);
  } finally {
    done.abort();
  }
}
