// Applies carriers' words to the attempts that they are about.
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import { topics } from "#libs/contracts/topics.ts";
import { shardWaitedFor } from "#libs/flow-store/shard-closed.ts";
import type { Subscription } from "#libs/kafka/ports.ts";
import type { RunningService, ServiceContext, ServiceDefinition } from "#libs/lifecycle/service.ts";
import { consumeInputs } from "#libs/message-flow/consume-inputs.ts";
import { type FlowConfig, readFlowConfig } from "#libs/message-flow/flow-config.ts";
import { connectProviderIds } from "#libs/provider-ids/provider-ids.ts";
import { handleReports } from "./handler.ts";
import type { Joining } from "./join-reports.ts";
import { watchExpired } from "./watch-expired.ts";

const name = "status-report-consumer";

export const statusReportConsumer: ServiceDefinition<FlowConfig> = {
  name,
  readConfig: readFlowConfig,
  start,
};

async function start(config: FlowConfig, context: ServiceContext): Promise<RunningService> {
  const { log } = context;
  await using opened = new AsyncDisposableStack();
  await using watching = new AsyncDisposableStack();
  const running = opened.use(
    await consumeInputs(name, config, context, async (flow) => {
      const joining = { ...flow, log, providerIds: await connectProviderIds(flow) };
      watching.use(watchExpired(joining));
      return subscriptions(joining);
    }),
  );
  opened.use(watching.move());
  const resources = opened.move();
  return {
    whyNotReady: () => running.whyNotReady(),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

export function subscriptions(joining: Joining): Subscription<unknown>[] {
  const subscription: Subscription<StatusReport> = {
    topic: topics.statusReports.name,
    codec: joining.contracts.statusReport,
    handle: (records) => handleReports(records, joining),
    waitsFor: shardWaitedFor(joining.store),
  };
  return [subscription];
}
