// The names of record headers, and their values as text.
import type { IHeaders } from "kafkajs";
import type { Headers } from "./ports.ts";

export const headerNames = {
  /** W3C trace context. */
  traceparent: "traceparent",
  /** On journal records: the shard's counter at the commit. */
  counter: "ft-counter",
  /** On dead letters: why it cannot be handled, and where it lay. */
  deadReason: "ft-dlt-reason",
  deadTopic: "ft-dlt-topic",
  deadPartition: "ft-dlt-partition",
  deadOffset: "ft-dlt-offset",
  deadAt: "ft-dlt-at",
} as const;

/** A record's headers as text; of a header that was given twice the first counts. */
export function textHeaders(headers: IHeaders | undefined): Headers {
  const entries = Object.entries(headers ?? {}).flatMap(([name, value]) => {
    const first = Array.isArray(value) ? value[0] : value;
    return first === undefined ? [] : [[name, first.toString()] as const];
  });
  return Object.fromEntries(entries);
}
