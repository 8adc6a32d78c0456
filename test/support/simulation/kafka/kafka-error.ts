/** An error as kafkajs throws it for what a broker replies, or does not reply. */
export class KafkaError extends Error {
  readonly type: string | undefined;
  readonly retriable = true;

  constructor(
    name: "KafkaJSProtocolError" | "KafkaJSRequestTimeoutError" | "KafkaJSConnectionError",
    type?: string,
  ) {
    super(type ?? name);
    this.name = name;
    this.type = type;
  }
}

/** What a broker replies instead of an answer. */
export function refusal(type: string): KafkaError {
  return new KafkaError("KafkaJSProtocolError", type);
}

/** What kafkajs makes of an error that it would try to get past, once it has no try left. */
export function afterTries(cause: unknown): Error {
  return Object.assign(new Error(String(cause), { cause }), {
    name: "KafkaJSNumberOfRetriesExceeded",
    retriable: false,
  });
}
