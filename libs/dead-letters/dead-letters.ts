// Dead letters for whoever has to deal with them. What this guarantees: every letter that Kafka keeps can be
// found, what was done with it is known to every process and after every restart, and of two that put the
// same letter back at once one is told that it came late. Nothing is connected before somebody looks.
import type { Contracts } from "#libs/contracts/registry.ts";
import { deadLetterTopic } from "#libs/contracts/topics.ts";
import { RetriableError } from "#libs/errors.ts";
import type { KafkaConfig } from "#libs/kafka/kafka-config.ts";
import type { Producer } from "#libs/kafka/ports.ts";
import { connectTopicReader, type TopicReader } from "#libs/kafka/topic-reader.ts";
import { connectMarks, type Marks } from "./connect-marks.ts";
import { type Letter, type LetterHead, placeOfLetter, toLetter } from "./letter.ts";
import { type Listing, listLetters } from "./list-letters.ts";
import type { Standing } from "./replays.ts";
import { type Asked, dropLetter, replayLetter, type Settled } from "./settle-letters.ts";
import { type ShownValue, showValue } from "./show-value.ts";

export type Stood<L> = L & { standing: Standing };

/** As `Listing`, and what was done with a letter can be asked for. */
export type LetterQuery = Omit<Listing, "matches"> & {
  matches: (letter: Stood<LetterHead>) => boolean;
};

/** Each method rejects with RetriableError while Kafka is away. */
export type DeadLetters = {
  /** A page, newest first; it may be short, or empty, and have a next one. */
  list(query: LetterQuery): Promise<{
    letters: Stood<LetterHead>[];
    next: ReadonlyMap<string, number> | null;
  }>;
  /** Null: there is none (any more). */
  find(id: string): Promise<{ letter: Stood<Letter>; value: ShownValue | null } | null>;
  /** Puts letters back on their topics, the oldest of each topic first. */
  replay(ids: readonly string[], asked: Asked): Promise<Settled[]>;
  drop(ids: readonly string[], asked: Pick<Asked, "by">): Promise<Settled[]>;
};

type Deps = { kafka: KafkaConfig; producer: Producer; contracts: Contracts };
type Desk = Deps & { reader: TopicReader; marks: Marks };

/** Connects at the first use. */
export function deadLetters(deps: Deps): DeadLetters & AsyncDisposable {
  const desk = openedOnce(deps);
  return {
    list: async (query) => list(query, await desk.open()),
    find: async (id) => show(id, await desk.open()),
    replay: async (ids, asked) => {
      const opened = await desk.open();
      return settle(ids, opened, (letter) => replayLetter(letter, asked, opened));
    },
    drop: async (ids, asked) => {
      const opened = await desk.open();
      return settle(ids, opened, (letter) => dropLetter(letter, asked, opened));
    },
    [Symbol.asyncDispose]: () => desk.close(),
  };
}

function openedOnce(deps: Deps) {
  let opening: Promise<Desk> | undefined;
  return {
    open(): Promise<Desk> {
      opening ??= connectTopicReader(deps.kafka).then(
        (reader) => ({ ...deps, reader, marks: connectMarks({ ...deps, reader }) }),
        (error: unknown) => {
          opening = undefined;
          throw error;
        },
      );
      return opening;
    },
    async close(): Promise<void> {
      const opened = await opening?.catch(() => undefined);
      await opened?.reader[Symbol.asyncDispose]();
    },
  };
}

async function list({ matches, ...query }: LetterQuery, { reader, marks }: Desk) {
  const book = await marks.caughtUp();
  const stood = <L extends LetterHead>(letter: L) => ({
    ...letter,
    standing: book.standing(letter),
  });
  const isMet = (letter: LetterHead) => matches(stood(letter));
  const page = await listLetters({ ...query, matches: isMet }, reader);
  return { letters: page.letters.map(stood), next: page.next };
}

async function show(id: string, { reader, marks, contracts }: Desk) {
  const letter = await read(id, reader);
  if (!letter) return null;
  const standing = (await marks.caughtUp()).standing(letter);
  return { letter: { ...letter, standing }, value: await showValue(letter, contracts) };
}

async function read(id: string, reader: TopicReader): Promise<Letter | null> {
  const place = placeOfLetter(id);
  if (!place) return null;
  const { topic, offset } = place;
  const { low, high } = await reader.ends(deadLetterTopic(topic));
  if (offset < low || offset >= high) return null;
  const { records } = await reader.read(deadLetterTopic(topic), offset, 1);
  const found = records.find((record) => Number(record.offset) === offset);
  return found && !found.isControlRecord ? toLetter(found, topic) : null;
}

/** One after the other, in the order in which they died; once Kafka is away the rest is left as it is. */
async function settle(
  ids: readonly string[],
  { reader }: Desk,
  settleOne: (letter: Letter) => Promise<Settled>,
): Promise<Settled[]> {
  const settled: Settled[] = [];
  for (const id of inOrder(ids)) {
    try {
      const letter = await read(id, reader);
      const why = "There is no such dead letter (any more).";
      settled.push(letter ? await settleOne(letter) : { id, isDone: false, why });
    } catch (error) {
      if (!(error instanceof RetriableError) || settled.length === 0) throw error;
      return [...settled, { id, isDone: false, why: `It ends here: ${error.message}` }];
    }
  }
  return settled;
}

function inOrder(ids: readonly string[]): string[] {
  return [...new Set(ids)].toSorted((a, b) => offsetOf(a) - offsetOf(b));
}

function offsetOf(id: string): number {
  return placeOfLetter(id)?.offset ?? 0;
}
