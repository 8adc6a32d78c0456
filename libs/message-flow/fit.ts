// Whether Kafka will take what a transition makes, known before it is stored: what is stored and can
// never be published would lie in the outbox for ever.
import { recordBytesMax } from "#libs/contracts/topics.ts";
import { PoisonRecordError } from "#libs/errors.ts";
import type { OutgoingRecord } from "#libs/kafka/ports.ts";

/** What Kafka puts around a record: offsets, lengths, and the header of a batch of one. */
const FRAME_BYTES = 256;

/** Throws PoisonRecordError where a record is larger than its topic takes, uncompressed. */
export function assertFit(records: readonly OutgoingRecord[]): void {
  for (const { topic, key, value, headers = {} } of records) {
    let byteCount = FRAME_BYTES + Buffer.byteLength(key) + (value?.length ?? 0);
    for (const name in headers) byteCount += name.length + (headers[name]?.length ?? 0);
    if (byteCount <= recordBytesMax(topic)) continue;
    throw new PoisonRecordError(`Its record for ${topic} would have ${byteCount} bytes.`);
  }
}
