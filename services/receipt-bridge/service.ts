// Turns carriers' delivery receipts into status reports.
import { connectContracts } from "#libs/contracts/registry.ts";
import { topics } from "#libs/contracts/topics.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import type { RunningService, ServiceContext, ServiceDefinition } from "#libs/lifecycle/service.ts";
import { connectSettings } from "#libs/settings/connect-settings.ts";
import { type Config, readConfig } from "./config.ts";
import { patientProducer } from "./patient-producer.ts";
import { patientSettings } from "./patient-settings.ts";
import { receiptSources } from "./receipt-sources.ts";
import { receiptServer } from "./server.ts";

export const receiptBridge: ServiceDefinition<Config> = {
  name: "receipt-bridge",
  readConfig,
  start: startReceiptBridge,
};

async function startReceiptBridge(
  config: Config,
  context: ServiceContext,
): Promise<RunningService> {
  const { log } = context;
  await using opened = new AsyncDisposableStack();
  const contracts = await connectContracts(config);
  const { statusReport: codec } = contracts;
  const producer = opened.use(patientProducer(() => connectProducer({ ...config.kafka, log })));
  // Nothing to publish yet: this only connects, so that the first receipt need not wait for it.
  producer
    .publish([])
    .catch((error: unknown) => log.warn({ err: error }, "Kafka is not there yet"));
  const settings = opened.use(
    patientSettings(() => connectSettings({ ...config, ...context, contracts }), log),
  );
  const topic = topics.statusReports.name;
  const { findConnection } = settings;
  const sources = receiptSources({ ...config, findConnection });
  const app = receiptServer({ topic, codec, producer, sources, now: Date.now, log });
  // Closing waits for the receipts in hand, so the producer goes after it.
  opened.defer(() => app.close());
  const address = await app.listen({ host: config.host, port: config.port });
  log.info({ address }, "takes receipts");
  const resources = opened.move();
  return {
    whyNotReady: () => [
      ...(app.server.listening ? [] : ["The port is not open."]),
      ...(producer.isConnected() ? [] : ["Kafka has not been reached yet."]),
      ...(settings.isThere() ? [] : ["The settings have not been read yet."]),
    ],
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
