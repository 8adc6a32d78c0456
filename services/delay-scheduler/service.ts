// Turns due timers into ticks.

import { topics } from "#libs/contracts/topics.ts";
import { checkReadable } from "#libs/kafka/check-readable.ts";
import { consume } from "#libs/kafka/consume.ts";
import type { RunningService, ServiceContext, ServiceDefinition } from "#libs/lifecycle/service.ts";
import { type ConnectedFlow, connectFlow } from "#libs/message-flow/connect-flow.ts";
import { journalMender } from "#libs/restore/mend-journal.ts";
import { type Config, readConfig } from "./config.ts";
import { shardKeeper } from "./keep-shards.ts";
import { runScheduler } from "./scheduler.ts";

export const delayScheduler: ServiceDefinition<Config> = {
  name: "delay-scheduler",
  readConfig,
  start: startDelayScheduler,
};

/** Some topics are read by a restore alone: whether they may be, it has to be known before. */
async function startDelayScheduler(
  { flow: flowConfig, leaseMs }: Config,
  context: ServiceContext,
): Promise<RunningService> {
  await using opened = new AsyncDisposableStack();
  for (const { name } of [topics.messageJournal, topics.messageOutcomes]) {
    await checkReadable({ ...flowConfig.kafka, log: context.log }, name);
  }
  const flow = opened.use(await connectFlow(flowConfig, context));
  const scheduling = { kafka: flowConfig.kafka, leaseMs };
  const running = opened.use(await scheduleDelays(flow, scheduling, context));
  const resources = opened.move();
  return { ...running, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

type Scheduling = { kafka: Config["flow"]["kafka"]; leaseMs: number };

/** Fires what is due, keeps the shards and the journal as they should be, until disposed. */
export async function scheduleDelays(
  flow: ConnectedFlow,
  { kafka: place, leaseMs }: Scheduling,
  { log, onFatal }: ServiceContext,
): Promise<RunningService> {
  await using opened = new AsyncDisposableStack();
  const kafka = { ...place, log };
  const stopping = new AbortController();
  const keeper = await shardKeeper(flow, kafka, stopping.signal);
  let reasons: readonly string[] = ["Due timers are not looked for yet."];
  const running = runScheduler({
    flow,
    leaseMs,
    log,
    stop: stopping.signal,
    onTurn: (now) => {
      reasons = now;
    },
    stores: () => keeper.stores(),
    onClosed: () => keeper.restore(),
  }).catch(onFatal);
  const rewriting = keeper.rewrite().catch(onFatal);
  opened.defer(async () => {
    stopping.abort();
    await Promise.all([running, rewriting]);
  });
  // After the timers: whoever joins the group of one that was killed waits 10 s for its place.
  const subscriptions = [journalMender(flow)];
  const group = { kafka, groupId: delayScheduler.name, subscriptions, deadLetters: flow.producer };
  const mender = opened.use(await consume({ ...group, isUnhurried: true, log, onFatal }));
  const resources = opened.move();
  return {
    whyNotReady: () => [
      ...reasons.map((reason) => `Due timers are not published: ${reason}`),
      ...keeper.progress(),
      ...mender.whyNotReady(),
      ...flow.letters.reasons(),
    ],
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
