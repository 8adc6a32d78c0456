// Takes customers' requests and cancels, and starts or stops their messages.
import { topics } from "#libs/contracts/topics.ts";
import type { ServiceDefinition } from "#libs/lifecycle/service.ts";
import { consumeInputs, subscribe } from "#libs/message-flow/consume-inputs.ts";
import { type FlowConfig, readFlowConfig } from "#libs/message-flow/flow-config.ts";
import { awaitSettings } from "#libs/message-flow/requested.ts";
import { cancelToInput, requestToInput } from "./handler.ts";

const name = "send-request-consumer";

export const sendRequestConsumer: ServiceDefinition<FlowConfig> = {
  name,
  readConfig: readFlowConfig,
  start: (config, context) =>
    consumeInputs(name, config, context, async (flow) => {
      const { sendRequest, cancelRequest } = flow.contracts;
      const requests = { topic: topics.sendRequests.name, codec: sendRequest };
      const cancels = { topic: topics.cancelRequests.name, codec: cancelRequest };
      const advancing = subscribe(flow, { ...requests, toInput: requestToInput });
      const handle: typeof advancing.handle = async (records) => {
        await awaitSettings(
          records.map(({ value }) => value),
          flow.settings,
        );
        await advancing.handle(records);
      };
      return [{ ...advancing, handle }, subscribe(flow, { ...cancels, toInput: cancelToInput })];
    }),
};
