// The way between a client and the in-memory broker.
/**
 * Brings a request to the broker and its answer back. Rejects as kafkajs does when an answer does not
 * come; the request may have been carried out then, or may be later.
 */
export type Network = <Answer>(
  request: KafkaRequest,
  carryOut: () => Answer | Promise<Answer>,
) => Promise<Answer>;
export type KafkaRequest =
  | "produce"
  | "fetch"
  | "join"
  | "heartbeat"
  | "commit"
  | "leave"
  | "other";
