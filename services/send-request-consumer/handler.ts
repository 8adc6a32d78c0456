import type { CancelRequest, SendRequest } from "#libs/contracts/generated/types.ts";
import type { IncomingRecord } from "#libs/kafka/ports.ts";
import { traceparentOf } from "#libs/kafka/trace-context.ts";
import type { MessageInput } from "#libs/message-flow/message-input.ts";

/** The message keeps the trace of its request; a sender without one gets a new trace. */
export function requestToInput(record: IncomingRecord<SendRequest>): MessageInput {
  const { value: request, bytes, headers } = record;
  const { messageId, accountId } = request;
  const traceparent = traceparentOf(headers);
  return { type: "SendRequest", messageId, accountId, request, bytes, traceparent };
}

export function cancelToInput({ value }: IncomingRecord<CancelRequest>): MessageInput {
  const { messageId, accountId } = value;
  return { type: "Cancel", messageId, accountId, cancel: value };
}
