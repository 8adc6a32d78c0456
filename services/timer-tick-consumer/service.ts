// Applies timer ticks: a step whose wait has ended is left.
import type { TimerTick } from "#libs/contracts/generated/types.ts";
import { topics } from "#libs/contracts/topics.ts";
import { shardWaitedFor } from "#libs/flow-store/shard-closed.ts";
import type { Subscription } from "#libs/kafka/ports.ts";
import type { ServiceDefinition } from "#libs/lifecycle/service.ts";
import { consumeInputs } from "#libs/message-flow/consume-inputs.ts";
import type { Flow } from "#libs/message-flow/flow.ts";
import { type FlowConfig, readFlowConfig } from "#libs/message-flow/flow-config.ts";
import { handleTicks } from "./handler.ts";

const name = "timer-tick-consumer";

export const timerTickConsumer: ServiceDefinition<FlowConfig> = {
  name,
  readConfig: readFlowConfig,
  start: (config, context) => consumeInputs(name, config, context, subscriptions),
};

export async function subscriptions(flow: Flow): Promise<Subscription<unknown>[]> {
  const subscription: Subscription<TimerTick> = {
    topic: topics.timerTicks.name,
    codec: flow.contracts.timerTick,
    // A timer stays until its transition is committed.
    comesAgain: true,
    handle: (records) => handleTicks(records, flow),
    waitsFor: shardWaitedFor(flow.store),
  };
  return [subscription];
}
