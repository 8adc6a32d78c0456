import type { Codec } from "#libs/contracts/codec.ts";
import type { CancelRequest, SendRequest } from "#libs/contracts/generated/types.ts";
import { withFriendlySms } from "#libs/judgement/friendly-sms.ts";
import type { IncomingRecord } from "#libs/kafka/ports.ts";
import { traceparentOf } from "#libs/kafka/trace-context.ts";
import type { MessageInput } from "#libs/message-flow/message-input.ts";
import type { Settings } from "#libs/settings/account.ts";
import type { OverCaps } from "./limits.ts";

type Intake = {
  codec: Pick<Codec<SendRequest>, "encode">;
  settings: Settings;
  overCaps?: OverCaps;
};

/**
 * What is kept of a request: what came, or what its account wants its SMS to say. The message keeps the trace of its request; a sender without one gets a new trace.
 */
export function requestToInput(
  record: IncomingRecord<SendRequest>,
  { codec, settings, overCaps }: Intake,
): MessageInput {
  const { faults, headers, value } = record;
  const account = settings.findAccount(value.accountId);
  const request =
    faults.length > 0 ? withoutContent(value) : withFriendlySms(value, account).request;
  const bytes = request === value ? record.bytes : codec.encode(request);
  const { messageId, accountId } = request;
  const traceparent = traceparentOf(headers);
  const input = { messageId, accountId, request, faults, bytes, traceparent };
  return { type: "SendRequest", ...input, overCaps: overCaps?.get(value) ?? [] };
}

/** What is refused for what it is out of bounds keeps who, whom and when. Its content may be the fault. */
function withoutContent(request: SendRequest): SendRequest {
  const { type } = request.content;
  const content = { type, text: null, richJson: null, fallbackText: null, sms: null };
  return { ...request, content, steps: [] };
}

/** A cancel as the decider takes it. */
export function cancelToInput({ value }: IncomingRecord<CancelRequest>): MessageInput {
  const { messageId, accountId } = value;
  return { type: "Cancel", messageId, accountId, cancel: value };
}
