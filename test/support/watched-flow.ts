import type { Sendable } from "#libs/kafka/ports.ts";
import type { Flow } from "#libs/message-flow/flow.ts";
import type { MessageInput } from "#libs/message-flow/message-input.ts";
import { storedRequest } from "./stored-request.ts";

/** Throws for records that are not to be published. */
export type BeforePublish = (records: readonly Sendable[]) => void;

/** A flow whose publications are kept; `before` may refuse them. */
export function watchedFlow(flow: Flow, before: BeforePublish = () => {}) {
  const published: Sendable[] = [];
  const producer = {
    async publish(records: readonly Sendable[]) {
      before(records);
      await flow.producer.publish(records);
      published.push(...records);
    },
    [Symbol.asyncDispose]: async () => {},
  };
  const own: Flow = { ...flow, producer };
  return { own, published, topicsFor: (key: string) => topicsOf(published, key) };
}

/** The topics of the records with a key, in their order. */
export function topicsOf(records: readonly Sendable[], key: string): string[] {
  return records.filter((one) => String(one.key) === key).map(({ topic }) => topic);
}

/** A request of the demonstration's account, as its consumer gives it to the flow. */
export function requestFor(messageId: string, { contracts }: Flow): MessageInput {
  const accountId = "demo";
  const request = storedRequest({ messageId, accountId, requestedAt: Date.now() });
  const bytes = contracts.sendRequest.encode(request);
  return { type: "SendRequest", messageId, accountId, request, faults: [], bytes, traceparent: "" };
}
