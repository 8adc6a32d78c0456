import type { TimerTick } from "#libs/contracts/generated/types.ts";
import type { IncomingRecord } from "#libs/kafka/ports.ts";
import type { MessageInput } from "#libs/message-flow/message-input.ts";

/** A tick only wakes its message; what is due is decided by the state and the shard's clock. */
export function toInput({ value }: IncomingRecord<TimerTick>): MessageInput {
  return { type: "TimerTick", messageId: value.messageId };
}
