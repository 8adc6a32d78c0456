// Turns due timers into ticks.
import type { RunningService, ServiceContext, ServiceDefinition } from "#libs/lifecycle/service.ts";
import { connectFlow } from "#libs/message-flow/connect-flow.ts";
import { type Config, readConfig } from "./config.ts";
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
  const stopping = new AbortController();
  let isTicking = false;
  const onTurn = (now: boolean) => {
    isTicking = now;
  };
  const running = runScheduler({ flow, leaseMs, log, stop: stopping.signal, onTurn }).catch(
    onFatal,
  );
  return {
    whyNotReady: () => (isTicking ? [] : ["Due timers are not published."]),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
      await flow[Symbol.asyncDispose]();
    },
  };
}
