// Of a partition only one part is handled at a time: its batches, and the tries of its records that wait.
// Of two that handle the same record at once, the second finds it decided, and would commit its offset while
// the first is still publishing.
import type { Place } from "./reader.ts";

export type PlaceLock = <T>(place: Place, work: () => Promise<T>) => Promise<T>;

/** Of one member of a group: work on a partition begins once all that was asked for before has ended. */
export function placeLock(): PlaceLock {
  const last = new Map<string, Promise<unknown>>();
  return ({ topic, partition }, work) => {
    const name = `${topic}/${partition}`;
    const own = (last.get(name) ?? Promise.resolve()).then(work);
    last.set(
      name,
      own.catch(() => undefined),
    );
    return own;
  };
}
