// Takes customers' requests and cancels, and starts or stops their messages.
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { topics } from "#libs/contracts/topics.ts";
import { connectDailyCaps, refusalNoter } from "#libs/daily-caps/daily-caps.ts";
import { shardWaitedFor } from "#libs/flow-store/shard-closed.ts";
import { nameAwaiter } from "#libs/judgement/unknown-names.ts";
import type { IncomingRecord, Subscription } from "#libs/kafka/ports.ts";
import type { ServiceDefinition } from "#libs/lifecycle/service.ts";
import { advance } from "#libs/message-flow/advance.ts";
import type { ConnectedFlow } from "#libs/message-flow/connect-flow.ts";
import { consumeInputs, subscribe } from "#libs/message-flow/consume-inputs.ts";
import { type FlowConfig, readFlowConfig } from "#libs/message-flow/flow-config.ts";
import { connectWebhookQueue } from "#libs/webhook-queue/webhook-queue.ts";
import { cancelToInput, requestToInput } from "./handler.ts";
import { countAll } from "./limits.ts";
import { nearCapTeller } from "./near-caps.ts";

const name = "send-request-consumer";

export const sendRequestConsumer: ServiceDefinition<FlowConfig> = {
  name,
  readConfig: readFlowConfig,
  start: (config, context) => consumeInputs(name, config, context, subscriptions),
};

export async function subscriptions(flow: ConnectedFlow): Promise<Subscription<unknown>[]> {
  const { sendRequest, cancelRequest } = flow.contracts;
  const { settings } = flow;
  const caps = await connectDailyCaps(flow.redis, flow.log);
  const tellNear = nearCapTeller(await connectWebhookQueue(flow.redis));
  const limited = { ...flow, onLimited: refusalNoter(caps, flow.log) };
  const awaitNames = nameAwaiter(settings);
  const handle = async (records: readonly IncomingRecord<SendRequest>[]) => {
    // Cancels go on: they end messages.
    flow.redis.memory.checkRoom();
    const requests = records.flatMap(({ value, faults }) => (faults.length === 0 ? [value] : []));
    await awaitNames(requests);
    const overCaps = await countAll(requests, { caps, settings, tellNear });
    const intake = { codec: sendRequest, settings, overCaps };
    await advance(
      records.map((record) => requestToInput(record, intake)),
      limited,
    );
  };
  const cancels = { topic: topics.cancelRequests.name, codec: cancelRequest };
  const requests: Subscription<SendRequest> = {
    topic: topics.sendRequests.name,
    codec: sendRequest,
    handle,
    waitsFor: shardWaitedFor(flow.store),
  };
  return [requests, subscribe(flow, { ...cancels, toInput: cancelToInput })];
}
