// Applies timer ticks: a step whose wait has ended is left.
import { topics } from "#libs/contracts/topics.ts";
import type { ServiceDefinition } from "#libs/lifecycle/service.ts";
import { consumeInputs, subscribe } from "#libs/message-flow/consume-inputs.ts";
import { type FlowConfig, readFlowConfig } from "#libs/message-flow/flow-config.ts";
import { toInput } from "./handler.ts";

const name = "timer-tick-consumer";

export const timerTickConsumer: ServiceDefinition<FlowConfig> = {
  name,
  readConfig: readFlowConfig,
  start: (config, context) =>
    consumeInputs(name, config, context, async (flow) => {
      const topic = topics.timerTicks.name;
      return [subscribe(flow, { topic, codec: flow.contracts.timerTick, toInput })];
    }),
};
