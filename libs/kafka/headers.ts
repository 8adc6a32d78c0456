// The names of record headers, and their values as text.
import type { Headers } from "./ports.ts";

export const headerNames = {
  /** W3C trace context. */
  traceparent: "traceparent",
  /** On journal records: the shard's epoch and counter when the state was the stored one. */
  epoch: "ft-epoch",
  counter: "ft-counter",
  /** On dead letters: why it cannot be handled, and where it lay. */
  deadReason: "ft-dlt-reason",
  deadStage: "ft-dlt-stage",
  deadStack: "ft-dlt-stack",
  deadGroup: "ft-dlt-group",
  deadTopic: "ft-dlt-topic",
  deadPartition: "ft-dlt-partition",
  deadOffset: "ft-dlt-offset",
  /** Where a whole batch is dead: the last one of its offsets. */
  deadLastOffset: "ft-dlt-last-offset",
  /** What of the record could not be kept. */
  deadMissing: "ft-dlt-missing",
  deadAt: "ft-dlt-at",
  /** On records that were dead letters: how often they were put back. */
  replayCount: "ft-replay-count",
} as const;

/** What a dead letter says of itself begins so. */
const OF_DEAD_LETTERS = "ft-dlt-";

/** Whether a header is what a dead letter says of itself, maybe on a record that was made of one by hand. */
export function isOfDeadLetter(name: string): boolean {
  return name.startsWith(OF_DEAD_LETTERS);
}

type HeaderValue = Buffer | string | null | undefined;
export type GivenHeaders = Readonly<Record<string, HeaderValue | HeaderValue[]>>;

/**
 * A record's headers as text; of a header that was given twice the first counts. One without a value
 * (null on the wire, which the client's types do not know) is not there.
 */
export function textHeaders(headers: GivenHeaders = {}): Headers {
  // Without a prototype: a header may be named `__proto__`.
  const texts: Record<string, string> = Object.create(null);
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    const first = Array.isArray(value)
      ? value.find((each) => each !== undefined && each !== null)
      : value;
    if (first !== undefined && first !== null) texts[name] = first.toString();
  }
  return texts;
}
