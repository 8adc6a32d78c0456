import type { Sendable } from "./ports.ts";

/** What a client does for the producer, which queues what it is given (`send-queue.ts`). Each client has a folder. */
export type Sender = {
  /**
   * Resolves once all in-sync replicas have every record, those of one partition in order. Called by one at a time.
   * Throws RetriableError where Kafka, the network or the set-up is at fault, and connects anew at the next call; an
   * Error that is none where a record can never be sent. Some may have been appended by then.
   */
  send(records: readonly Sendable[]): Promise<void>;
  close(): Promise<void>;
};
