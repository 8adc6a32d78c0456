// Takes customers' requests and cancels, and starts or stops their messages.
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { topics } from "#libs/contracts/topics.ts";
import { nameAwaiter } from "#libs/judgement/unknown-names.ts";
import type { IncomingRecord } from "#libs/kafka/ports.ts";
import type { ServiceDefinition } from "#libs/lifecycle/service.ts";
import { consumeInputs, subscribe } from "#libs/message-flow/consume-inputs.ts";
import { type FlowConfig, readFlowConfig } from "#libs/message-flow/flow-config.ts";
import { cancelToInput, requestToInput } from "./handler.ts";

const name = "send-request-consumer";

export const sendRequestConsumer: ServiceDefinition<FlowConfig> = {
  name,
  readConfig: readFlowConfig,
  start: (config, context) =>
    consumeInputs(name, config, context, async (flow) => {
      const { sendRequest, cancelRequest } = flow.contracts;
      const requests = { topic: topics.sendRequests.name, codec: sendRequest };
      const intake = { codec: sendRequest, settings: flow.settings };
      const toInput = (record: IncomingRecord<SendRequest>) => requestToInput(record, intake);
      const cancels = { topic: topics.cancelRequests.name, codec: cancelRequest };
      const advancing = subscribe(flow, { ...requests, toInput });
      const awaitNames = nameAwaiter(flow.settings);
      const handle: typeof advancing.handle = async (records) => {
        await awaitNames(
          records.flatMap(({ value, faults }) => (faults.length === 0 ? [value] : [])),
        );
        await advancing.handle(records);
      };
      return [{ ...advancing, handle }, subscribe(flow, { ...cancels, toInput: cancelToInput })];
    }),
};
