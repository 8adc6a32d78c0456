// Putting letters back on their topics, and dropping them. Each step is a mark, so that every process
// knows of it and no letter is put back twice: begun, sent, told. A process that dies in between leaves a
// letter of which it is said that it may have been sent.
import { randomUUID } from "node:crypto";
import type { DeadLetterMark, DeadLetterState } from "#libs/contracts/generated/types.ts";
import { RetriableError } from "#libs/errors.ts";
import { headerNames } from "#libs/kafka/headers.ts";
import type { DeadLetter, Producer } from "#libs/kafka/ports.ts";
import type { Marks } from "./connect-marks.ts";
import type { Letter } from "./letter.ts";
import type { MarkBook } from "./mark-book.ts";
import { whyNeverReplayed, whyNotReplayed } from "./replays.ts";

/** What became of one letter; `why` where it was not done. */
export type Settled = { id: string; isDone: boolean; why: string | null };

/** `by`: account and id of the key that asks. `force`: also what is done with, or has come back too often. */
export type Asked = { by: string; force: boolean };

type Settling = { marks: Marks; producer: Producer };

/**
 * Puts a letter back as it was, key and headers too, with one header more that counts. Throws
 * RetriableError while Kafka is away: the letter may have been sent then, and says so.
 */
export async function replayLetter(
  letter: Letter,
  { by, force }: Asked,
  { marks, producer }: Settling,
): Promise<Settled> {
  const book = await marks.caughtUp();
  const standing = book.standing(letter);
  const never = whyNeverReplayed(letter);
  if (never !== null) return refused(letter, never);
  const why = force ? null : whyNotReplayed(standing);
  if (why !== null) return refused(letter, `${why} With force it is put back all the same.`);
  const begun = markOf(letter, { state: "REPLAYING", by }, book);
  const after = await marks.add([begun]);
  if (!after.isLast(begun)) return refused(letter, "Somebody else has begun to replay or drop it.");
  try {
    await producer.publish([recordOf(letter, standing.replayCount + 1)]);
  } catch (error) {
    if (error instanceof RetriableError) throw error;
    await marks.add([markOf(letter, { state: "OPEN", by }, after)]);
    return refused(letter, `Kafka refuses it: ${String(error)}`);
  }
  await marks.add([markOf(letter, { state: "REPLAYED", by }, after)]);
  return { id: letter.id, isDone: true, why: null };
}

/** Marks a letter as dealt with. Throws RetriableError while Kafka is away. */
export async function dropLetter(
  letter: Letter,
  { by }: Pick<Asked, "by">,
  { marks }: Pick<Settling, "marks">,
): Promise<Settled> {
  const book = await marks.caughtUp();
  const done = { id: letter.id, isDone: true, why: null };
  if (book.standing(letter).state === "DROPPED") return done;
  const dropped = markOf(letter, { state: "DROPPED", by }, book);
  const after = await marks.add([dropped]);
  const isDropped = after.isLast(dropped) || after.standing(letter).state === "DROPPED";
  return isDropped ? done : refused(letter, "Somebody else has begun to replay it.");
}

function refused({ id }: Letter, why: string): Settled {
  return { id, isDone: false, why };
}

type Step = { state: DeadLetterState; by: string };

function markOf(letter: Letter, { state, by }: Step, book: MarkBook): DeadLetterMark {
  const { id: letterId, at: letterAt, contentHash } = letter;
  const after = book.lastMarkId(letter);
  const stamp = { markId: randomUUID(), markedAt: Date.now(), markedBy: by };
  return { ...stamp, letterId, letterAt, after, state, contentHash };
}

const OURS = "ft-dlt-";

/** The record as it came: our headers off, and how often it was put back. Its key finds its partition. */
function recordOf({ topic, key, value, headers }: Letter, replayCount: number): DeadLetter {
  const own = Object.entries(headers).flatMap(([name, given]) => {
    const values = [given].flat().filter((each) => each !== null);
    return name.startsWith(OURS) || values.length === 0 ? [] : [[name, values] as const];
  });
  const counted = { [headerNames.replayCount]: String(replayCount) };
  return { topic, key, value, headers: { ...Object.fromEntries(own), ...counted } };
}
