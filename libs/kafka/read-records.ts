// From a broker's bytes to records. What nobody can read neither blocks the partition nor vanishes.
import { type Codec, type Read, readEach } from "#libs/contracts/codec.ts";
import { PoisonRecordError, RetriableError, type Stage, StageError } from "#libs/errors.ts";
import type { Failed } from "./dead-letters.ts";
import { textHeaders } from "./headers.ts";
import type { IncomingRecord } from "./ports.ts";
import { isUnreadable } from "./read-batches.ts";
import type { Message, Place } from "./reader.ts";

export type Readable<T> = { message: Message; record: IncomingRecord<T> };

/**
 * The records that can be read, in order, and those that cannot, each with its fault. Throws
 * RetriableError while the registry is away.
 */
export async function readRecords<T>(
  messages: readonly Message[],
  place: Place,
  codec: Codec<T>,
): Promise<{ readable: Readable<T>[]; failed: Failed[] }> {
  const readable: Readable<T>[] = [];
  const failed: Failed[] = [];
  for (const outcome of await readValues(messages, codec)) {
    const { message } = outcome;
    const record = "fault" in outcome ? failure("decode", outcome.fault) : toRecord(outcome, place);
    if (record instanceof StageError) failed.push({ message, fault: record });
    else readable.push({ message, record });
  }
  return { readable, failed };
}

type Outcome<T> = { message: Message; read: Read<T> | null } | { message: Message; fault: unknown };

/** A bug that one value meets must not be that of all: then they are read one by one. */
async function readValues<T>(messages: readonly Message[], codec: Codec<T>): Promise<Outcome<T>[]> {
  try {
    const reads = await readEach(messages, bytesOf, codec);
    return reads.map(({ item, read }) => ({ message: item, read }));
  } catch (fault) {
    if (fault instanceof RetriableError) throw fault;
    const [message] = messages;
    if (message && messages.length === 1) return [{ message, fault }];
    return (await Promise.all(messages.map((each) => readValues([each], codec)))).flat();
  }
}

function bytesOf(message: Message): Buffer | null {
  return isUnreadable(message) ? null : message.value;
}

function toRecord<T>(
  { message, read }: { message: Message; read: Read<T> | null },
  { topic, partition }: Place,
): IncomingRecord<T> | StageError {
  if (isUnreadable(message)) return failure("read", message.unreadable.reason);
  const { key, value: bytes, offset, headers, timestamp } = message;
  if (!read || !bytes) return failure("read", "The record has no value.");
  if (read instanceof PoisonRecordError) return failure("decode", read);
  return {
    topic,
    partition,
    offset,
    key: key?.toString() ?? null,
    ...read,
    bytes,
    headers: textHeaders(headers),
    timestamp: Number(timestamp),
  };
}

/** Words are poison's reason. */
function failure(stage: Stage, fault: unknown): StageError {
  return new StageError(stage, typeof fault === "string" ? new PoisonRecordError(fault) : fault);
}
