// Applies carriers' words to the attempts that they are about.
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import { topics } from "#libs/contracts/topics.ts";
import type { Subscription } from "#libs/kafka/ports.ts";
import type { ServiceDefinition } from "#libs/lifecycle/service.ts";
import { consumeInputs } from "#libs/message-flow/consume-inputs.ts";
import { type FlowConfig, readFlowConfig } from "#libs/message-flow/flow-config.ts";
import { connectProviderIds } from "#libs/provider-ids/provider-ids.ts";
import { handleReports } from "./handler.ts";

const name = "status-report-consumer";

export const statusReportConsumer: ServiceDefinition<FlowConfig> = {
  name,
  readConfig: readFlowConfig,
  start: (config, context) =>
    consumeInputs(name, config, context, async (flow) => {
      const options = { redis: flow.redis, keepMs: flow.rules.listeningMs };
      const joining = { ...flow, providerIds: await connectProviderIds(options) };
      const subscription: Subscription<StatusReport> = {
        topic: topics.statusReports.name,
        codec: flow.contracts.statusReport,
        handle: (records) => handleReports(records, joining),
      };
      return [subscription];
    }),
};
