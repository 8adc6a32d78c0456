import type { Codec } from "#libs/contracts/codec.ts";
import type { CancelRequest, SendRequest } from "#libs/contracts/generated/types.ts";
import type { IncomingRecord } from "#libs/kafka/ports.ts";
import { traceparentOf } from "#libs/kafka/trace-context.ts";
import type { MessageInput } from "#libs/message-flow/message-input.ts";

/** The message keeps the trace of its request; a sender without one gets a new trace. */
export function requestToInput(
  record: IncomingRecord<SendRequest>,
  codec: Pick<Codec<SendRequest>, "encode">,
): MessageInput {
  const { faults, headers } = record;
  const request = faults.length > 0 ? withoutContent(record.value) : record.value;
  const bytes = faults.length > 0 ? codec.encode(request) : record.bytes;
  const { messageId, accountId } = request;
  const traceparent = traceparentOf(headers);
  return { type: "SendRequest", messageId, accountId, request, faults, bytes, traceparent };
}

/** What is refused for what it is out of bounds keeps who, whom and when. Its content may be the fault. */
function withoutContent(request: SendRequest): SendRequest {
  const { type } = request.content;
  const content = { type, text: null, richJson: null, fallbackText: null, sms: null };
  return { ...request, content, steps: [] };
}

export function cancelToInput({ value }: IncomingRecord<CancelRequest>): MessageInput {
  const { messageId, accountId } = value;
  return { type: "Cancel", messageId, accountId, cancel: value };
}
