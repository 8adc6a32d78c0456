// A record of a topic, for who looks it up there by its offset.
import { headerText, type ReadRecord } from "./batch-records.ts";
import { textHeaders } from "./headers.ts";
import type { Headers } from "./ports.ts";
import { isUnreadable } from "./read-batches.ts";

/** A record as it stands on the topic; `unreadable`: why nobody can read it, `value` is then its batch. */
export type StoredRecord = {
  readonly partition: number;
  readonly offset: number;
  /** Epoch ms at which the broker took it. */
  readonly timestamp: number;
  readonly key: string;
  readonly value: Buffer | null;
  readonly headers: Headers;
  readonly unreadable: string | null;
  /** The text of one of `headers`, for who goes through millions of records and wants no others. */
  header(name: string): string | undefined;
};

/** The bytes of a record that can be read, if it has any. */
export function readableBytes({ unreadable, value }: StoredRecord): Buffer | null {
  return unreadable === null ? value : null;
}

/** Makes what every reader asks for; the rest is made for who asks. */
export class SpanRecord implements StoredRecord {
  readonly #message: ReadRecord;
  readonly partition: number;
  readonly key: string;
  readonly value: Buffer | null;
  readonly unreadable: string | null;

  constructor(message: ReadRecord, partition: number) {
    this.#message = message;
    this.partition = partition;
    this.key = message.key?.toString() ?? "";
    this.value = message.value;
    this.unreadable = isUnreadable(message) ? message.unreadable.reason : null;
  }
  get offset() {
    return Number(this.#message.offset);
  }
  get timestamp() {
    return Number(this.#message.timestamp);
  }
  get headers() {
    return textHeaders(this.#message.headers);
  }
  header(name: string) {
    return headerText(this.#message, name);
  }
}
