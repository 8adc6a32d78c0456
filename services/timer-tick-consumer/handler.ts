import type { TimerTick } from "#libs/contracts/generated/types.ts";
import type { IncomingRecord } from "#libs/kafka/ports.ts";
import { advance } from "#libs/message-flow/advance.ts";
import type { Flow } from "#libs/message-flow/flow.ts";
import type { MessageInput } from "#libs/message-flow/message-input.ts";
import { CLOCK_SKEW_MAX_MS } from "#libs/redis/clocks.ts";
import { overtakenCount } from "./metrics.ts";

/**
 * Moves the messages that ticks wake. A tick whose lease is over is dropped before anything is
 * loaded: its timer has fired again, or will, and after a while away there are many of them.
 */
export async function handleTicks(
  records: readonly IncomingRecord<TimerTick>[],
  flow: Flow,
): Promise<void> {
  const standing = records.filter(({ value }) => stands(value, Date.now()));
  overtakenCount.inc(records.length - standing.length);
  if (standing.length > 0) await advance(standing.map(toInput), flow);
}

/** The scheduler's clock may be behind this process' by as much. */
function stands({ leaseEndsAt }: TimerTick, nowMs: number): boolean {
  return leaseEndsAt === null || nowMs <= leaseEndsAt + CLOCK_SKEW_MAX_MS;
}

/** A tick only wakes its message; what was due when it was fired is decided by the state. */
function toInput({ value: { messageId, firedAt } }: IncomingRecord<TimerTick>): MessageInput {
  return { type: "TimerTick", messageId, firedAt };
}
