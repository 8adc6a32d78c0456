// What happened lately, as one sentence for each place: told to whoever looks at `/readyz`.

/** A dead letter is told for this long: whoever looks every minute sees each. */
const DEAD_LETTERS_TOLD_MS = 60_000;

type Told = { at: number; sentence: string };

/** The last sentence of each place, for so many ms each; `now` is epoch ms. */
export function latelyTold(toldForMs: number, now: () => number = Date.now) {
  const told = new Map<string, Told>();
  return {
    note: (place: string, sentence: string) => void told.set(place, { at: now(), sentence }),
    sentences: (): string[] => {
      const since = now() - toldForMs;
      for (const [place, { at }] of told) if (at < since) told.delete(place);
      return [...told.values()].map(({ sentence }) => sentence);
    },
  };
}

export type DeadLettersTold = {
  buried: (place: string, letter: { count: number; reason: string }) => void;
  /** One sentence for each place of the last minute's dead letters. */
  reasons: () => string[];
};

/** The dead letters of whoever shares it. */
export function deadLettersTold(now: () => number = Date.now): DeadLettersTold {
  const dead = latelyTold(DEAD_LETTERS_TOLD_MS, now);
  return {
    buried: (place, { count, reason }) => {
      const one = `a record of ${place} became a dead letter: ${reason}`;
      const many = `${count} records of ${place} became dead letters, such as: ${reason}`;
      dead.note(place, count === 1 ? one : many);
    },
    reasons: dead.sentences,
  };
}
