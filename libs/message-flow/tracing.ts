import type { OutgoingRecord } from "#libs/kafka/ports.ts";

/** The trace that a message's records go on. */
export function tracing(traceparent: string | null): Pick<OutgoingRecord, "headers"> {
  return traceparent ? { headers: { traceparent } } : {};
}
