// The whole product in one process: for a first look, for development and for small loads. It also
// does what a deployment does before its services start: topics and schemas.

import { readKafka, readRegistry } from "#libs/config/connections.ts";
import { isListenerOff, type ListenerName } from "#libs/config/listeners.ts";
import type { EnvReader } from "#libs/config/read-env.ts";
import { migrate } from "#libs/contracts/migrate.ts";
import { defaultTopicSizes } from "#libs/contracts/topics.ts";
import type { RunningService, ServiceContext, ServiceDefinition } from "#libs/lifecycle/service.ts";
import { readShardCount } from "#libs/message-flow/flow-config.ts";
import type { SettingsView } from "#libs/settings/connect-settings.ts";
import { sharing } from "#libs/share.ts";
import { api } from "#services/api/service.ts";
import { carrierSimulator } from "#services/carrier-simulator/service.ts";
import { channelDispatcher } from "#services/channel-dispatcher/service.ts";
import { delayScheduler } from "#services/delay-scheduler/service.ts";
import { receiptBridge } from "#services/receipt-bridge/service.ts";
import { sendRequestConsumer } from "#services/send-request-consumer/service.ts";
import { statusReportConsumer } from "#services/status-report-consumer/service.ts";
import { timerTickConsumer } from "#services/timer-tick-consumer/service.ts";
import { webhookNotifier } from "#services/webhook-notifier/service.ts";

/** A service that is read and not started, by its name. */
type Part = { name: string; start: (context: ServiceContext) => Promise<RunningService> };
type Config = ReturnType<typeof readConfig>;

export const allInOne: ServiceDefinition<Config> = {
  name: "all-in-one",
  readConfig,
  start: startAll,
};

function readConfig(read: EnvReader) {
  return {
    ...readKafka(read),
    ...readRegistry(read),
    sizes: { ...defaultTopicSizes, shardCount: readShardCount(read) },
    // Those that take what others send come first; the API, which lets work in, comes last.
    parts: [
      ...prepareOpen("carrierSimulator", carrierSimulator, read),
      ...prepareOpen("receiptBridge", receiptBridge, read),
      prepare(webhookNotifier, read),
      prepare(statusReportConsumer, read),
      prepare(channelDispatcher, read),
      prepare(timerTickConsumer, read),
      prepare(sendRequestConsumer, read),
      prepare(delayScheduler, read),
      ...prepareOpen("api", api, read),
    ],
  };
}

/** Nothing where its listener is off: a service that only listens is not there then. */
function prepareOpen<C>(name: ListenerName, service: ServiceDefinition<C>, read: EnvReader) {
  return isListenerOff(read, name) ? [] : [prepare(service, read)];
}

function prepare<C>(service: ServiceDefinition<C>, read: EnvReader): Part {
  const config = service.readConfig(read);
  const { name } = service;
  return {
    name,
    start: (context) =>
      service.start(config, { ...context, log: context.log.child({ part: name }) }),
  };
}

async function startAll(config: Config, context: ServiceContext): Promise<RunningService> {
  await migrate(config);
  const shared = { ...context, shareSettings: sharing<SettingsView>() };
  await using opened = new AsyncDisposableStack();
  const running: { name: string; service: RunningService }[] = [];
  const starts = config.parts.map(async ({ name, start }) => ({
    name,
    service: await start(shared),
  }));
  const started = await Promise.allSettled(starts);
  for (const result of started) {
    if (result.status !== "fulfilled") continue;
    opened.use(result.value.service);
    running.push(result.value);
  }
  const failed = started.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  const resources = opened.move();
  return {
    whyNotReady: () => {
      return running.flatMap(({ name, service }) => {
        return service.whyNotReady().map((reason) => `${name}: ${reason}`);
      });
    },
    degraded: () => {
      return running.flatMap(({ name, service }) => {
        return (service.degraded?.() ?? []).map((reason) => `${name}: ${reason}`);
      });
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
