// Systems around the product that know only Kafka, the schema registry and the contracts: upstream
// senders and carriers' bridges. Another client library than ours, and no HTTP to us.
import { randomUUID } from "node:crypto";
import { SchemaRegistry } from "@kafkajs/confluent-schema-registry";
import type {
  CancelRequestInit,
  SendRequestInit,
  StatusReportInit,
} from "#libs/contracts/generated/types.ts";
import { tryWhole } from "#libs/kafka/kafkajs/try-whole.ts";
import { outsideClient } from "#test/support/outside-client.ts";

type Place = { brokers: string[]; registryUrl: string };
type Request = Partial<Omit<SendRequestInit, "recipient">> & { to: string };
type Report = Partial<StatusReportInit> &
  Pick<StatusReportInit, "provider" | "channel" | "status"> & { providerMessageId: string };

/** Records in one call to the broker. */
const BATCH_COUNT_MAX = 500;

export type Upstream = AsyncDisposable & {
  /** Requests messages of account `demo`; returns their ids once Kafka has them. */
  send(...requests: Request[]): Promise<string[]>;
  cancel(messageId: string, cancel?: Partial<CancelRequestInit>): Promise<void>;
  /** Reports what a provider said about its own id. */
  report(...reports: Report[]): Promise<void>;
};

export async function connectUpstream({ brokers, registryUrl }: Place): Promise<Upstream> {
  const registry = new SchemaRegistry({ host: registryUrl });
  const kafka = outsideClient(brokers);
  const producer = kafka.producer({ retry: { retries: 0 } });
  await producer.connect();

  async function publish(topic: string, items: readonly { key: string; value: object }[]) {
    const id = await registry.getLatestSchemaId(`${topic}-value`);
    for (let from = 0; from < items.length; from += BATCH_COUNT_MAX) {
      const batch = items.slice(from, from + BATCH_COUNT_MAX).map(async ({ key, value }) => {
        return { key, value: await registry.encode(id, value) };
      });
      const messages = await Promise.all(batch);
      // By its own tries kafkajs says of some that it never sent that Kafka has them.
      await tryWhole(() => producer.send({ topic, acks: -1, messages }));
    }
  }

  return {
    async send(...requests) {
      const values = requests.map(requestOf);
      await publish(
        "send-requests",
        values.map((value) => ({ key: value.messageId, value })),
      );
      return values.map(({ messageId }) => messageId);
    },
    cancel(messageId, cancel = {}) {
      const value = { messageId, accountId: "demo", requestedAt: Date.now(), ...cancel };
      return publish("cancel-requests", [{ key: messageId, value }]);
    },
    report: (...reports) => publish("status-reports", reports.map(reportOf)),
    [Symbol.asyncDispose]: () => producer.disconnect(),
  };
}

function requestOf({ to, ...request }: Request): SendRequestInit {
  return {
    messageId: randomUUID(),
    accountId: "demo",
    recipient: { msisdn: to },
    content: { type: "TEXT", text: "Your code is 4711." },
    requestedAt: Date.now(),
    ...request,
  };
}

function reportOf(report: Report) {
  const { provider, providerMessageId } = report;
  const now = Date.now();
  const times = { occurredAt: now, receivedAt: now };
  const value: StatusReportInit = { reportId: randomUUID(), ...times, ...report };
  return { key: `${provider}:${providerMessageId}`, value };
}
