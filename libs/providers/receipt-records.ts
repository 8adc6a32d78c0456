// What was read of receipts as records of Kafka, however they came: reports, and one dead letter for what is odd.
import type { Codec } from "#libs/contracts/codec.ts";
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import { DEAD_REASON_LENGTH_MAX, RECORD_BYTES_MAX } from "#libs/contracts/limits.ts";
import { deadLetterTopic } from "#libs/contracts/topics.ts";
import { cutText } from "#libs/cut-text.ts";
import type { Stage } from "#libs/errors.ts";
import { headerNames } from "#libs/kafka/headers.ts";
import type { OutgoingRecord } from "#libs/kafka/ports.ts";
import { mapInTurns } from "#libs/take-turns.ts";
import { keyOfReport } from "./key-of-report.ts";
import type { ReadReceipts } from "./provider.ts";

/** What a dead letter has room for beside its reason: a post may be larger than any record. */
const LETTER_BYTES_MAX = RECORD_BYTES_MAX - 64 * 1024;

type Place = { topic: string; codec: Pick<Codec<StatusReport>, "encode">; now: () => number };

export async function receiptRecords(read: ReadReceipts, place: Place): Promise<OutgoingRecord[]> {
  const { topic, codec } = place;
  const { reports, oddCount } = read.receipts;
  const records = await mapInTurns(reports, (report) => ({
    topic,
    key: keyOfReport(report),
    value: codec.encode(report),
  }));
  return oddCount === 0 ? records : [...records, letterOf(read, place)];
}

/** The body as it came, or as much of it as a record holds: what was odd about it can be seen. */
function letterOf(
  { body, receipts, provider }: ReadReceipts,
  { topic, now }: Place,
): OutgoingRecord {
  const headers = {
    [headerNames.deadReason]: cutText(receipts.oddities.join(" "), DEAD_REASON_LENGTH_MAX),
    [headerNames.deadStage]: "receipt" satisfies Stage,
    [headerNames.deadTopic]: topic,
    [headerNames.deadAt]: new Date(now()).toISOString(),
    ...(body.length > LETTER_BYTES_MAX && {
      [headerNames.deadMissing]: `all but the first ${LETTER_BYTES_MAX} of ${body.length} bytes`,
    }),
  };
  const value = body.subarray(0, LETTER_BYTES_MAX);
  return { topic: deadLetterTopic(topic), key: provider, value, headers };
}
