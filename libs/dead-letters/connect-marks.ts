// The topic of marks: read when somebody asks, not followed; hardly anybody looks at dead letters.
import { readEach } from "#libs/contracts/codec.ts";
import type { DeadLetterMark } from "#libs/contracts/generated/types.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { topics } from "#libs/contracts/topics.ts";
import type { Producer } from "#libs/kafka/ports.ts";
import { isUnreadable } from "#libs/kafka/read-batches.ts";
import type { TopicReader } from "#libs/kafka/topic-reader.ts";
import { type MarkBook, markBook } from "./mark-book.ts";

/** Some ten thousand marks. */
const FETCH_BYTES = 1024 * 1024;
const topic = topics.deadLetterMarks.name;

export type Marks = {
  /** Resolves with the book once it has every mark that Kafka had at the call. */
  caughtUp(): Promise<MarkBook>;
  /** Resolves with the book once Kafka has the marks, and the book those that count. */
  add(marks: readonly DeadLetterMark[]): Promise<MarkBook>;
};

type Deps = {
  reader: TopicReader;
  producer: Producer;
  contracts: Pick<Contracts, "deadLetterMark">;
};

/** Both methods reject with RetriableError while Kafka is away. Marks that cannot be read are none. */
export function connectMarks(deps: Deps): Marks {
  const { producer, contracts } = deps;
  const book = markBook();
  let next = 0;
  let turn: Promise<unknown> = Promise.resolve();

  async function readOn(): Promise<MarkBook> {
    const { low, high } = await deps.reader.ends(topic);
    if (high < next) {
      // The topic was made anew.
      book.clear();
      next = 0;
    }
    next = Math.max(next, low);
    while (next < high) next = await readSome(next, book, deps);
    return book;
  }

  // One at a time: no mark is taken twice, and none before the one that it comes after.
  function caughtUp(): Promise<MarkBook> {
    const mine = turn.then(readOn, readOn);
    turn = mine;
    return mine;
  }

  return {
    caughtUp,
    async add(marks) {
      const records = marks.map((mark) => {
        return { topic, key: mark.letterId, value: contracts.deadLetterMark.encode(mark) };
      });
      await producer.publish(records);
      return caughtUp();
    },
  };
}

/** Takes what a fetch brings; returns the offset behind it. */
async function readSome(
  from: number,
  book: MarkBook,
  { reader, contracts }: Deps,
): Promise<number> {
  const { records: read, next } = await reader.read(topic, from, FETCH_BYTES);
  const records = read.filter(({ offset }) => Number(offset) >= from);
  const valueOf = (record: (typeof records)[number]) =>
    isUnreadable(record) ? null : record.value;
  for (const { read: mark } of await readEach(records, valueOf, contracts.deadLetterMark)) {
    if (mark && "value" in mark) book.take(mark.value);
  }
  return next;
}
