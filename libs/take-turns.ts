import { setImmediate as breathe } from "node:timers/promises";

/** Others wait no longer than this, and for the one piece of work that is in hand. */
const TURN_MS = 10;

/**
 * For a long computation: what it returns is to be awaited between the pieces of work, and lets
 * others' requests have their turn wherever 10 ms have gone by.
 */
export function takeTurns(): () => Promise<void> {
  let startedAt = performance.now();
  return async () => {
    if (performance.now() - startedAt < TURN_MS) return;
    await breathe();
    startedAt = performance.now();
  };
}

/** Pieces of work that are in hand together, as calls that wait for Redis. */
const TOGETHER_COUNT = 100;

/** What `map` makes of each item, in order, with turns for others; a hundred are in hand together. */
export async function mapInTurns<Item, Made>(
  items: readonly Item[],
  map: (item: Item, index: number) => Made | Promise<Made>,
): Promise<Made[]> {
  const turn = takeTurns();
  const made: Made[] = [];
  for (let from = 0; from < items.length; from += TOGETHER_COUNT) {
    await turn();
    const together = items.slice(from, from + TOGETHER_COUNT);
    made.push(...(await Promise.all(together.map((item, index) => map(item, from + index)))));
  }
  return made;
}

/** All that `listOf` makes of the items, one list after the other, with turns for others within a list too. */
export async function flatMapInTurns<Item, Made>(
  items: readonly Item[],
  listOf: (item: Item) => readonly Made[],
): Promise<Made[]> {
  const turn = takeTurns();
  const made: Made[] = [];
  for (const [index, item] of items.entries()) {
    if (index % TOGETHER_COUNT === 0) await turn();
    for (const each of listOf(item)) {
      made.push(each);
      if (made.length % TOGETHER_COUNT === 0) await turn();
    }
  }
  return made;
}
