// Turns due timers into ticks.

import { consume } from "#libs/kafka/consume.ts";
import type { RunningService, ServiceContext, ServiceDefinition } from "#libs/lifecycle/service.ts";
import { connectFlow } from "#libs/message-flow/connect-flow.ts";
import { journalMender } from "#libs/restore/mend-journal.ts";
import { type Config, readConfig } from "./config.ts";
import { shardKeeper } from "./keep-shards.ts";
import { runScheduler } from "./scheduler.ts";

export const delayScheduler: ServiceDefinition<Config> = {
  name: "delay-scheduler",
  readConfig,
  start: startDelayScheduler,
};

async function startDelayScheduler(
  { flow: flowConfig, leaseMs }: Config,
  { log, onFatal }: ServiceContext,
): Promise<RunningService> {
  const flow = await connectFlow(flowConfig, { log, onFatal });
  const mender = await consume({
    kafka: { ...flowConfig.kafka, log },
    groupId: delayScheduler.name,
    subscriptions: [journalMender(flow)],
    deadLetters: flow.producer,
    log,
    onFatal,
  });
  const stopping = new AbortController();
  const keeper = await shardKeeper(flow, { ...flowConfig.kafka, log }, stopping.signal);
  let reasons: readonly string[] = ["Due timers are not looked for yet."];
  const running = runScheduler({
    flow,
    leaseMs,
    log,
    stop: stopping.signal,
    onTurn: (now) => {
      reasons = now;
    },
    onClosed: () => keeper.restore(),
  }).catch(onFatal);
  const rewriting = keeper.rewrite().catch(onFatal);
  return {
    whyNotReady: () => [
      ...reasons.map((reason) => `Due timers are not published: ${reason}`),
      ...keeper.progress(),
      ...mender.whyNotReady(),
    ],
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await Promise.all([running, rewriting, mender[Symbol.asyncDispose]()]);
      await flow[Symbol.asyncDispose]();
    },
  };
}
