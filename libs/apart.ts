// Things that are handled together, of which one may be odd: what a loop beside the consumers does with
// a bug. Records that are consumed have it with tries and dead letters in `libs/kafka/handle-chunk.ts`.
import { FAILURE_RUN_MAX, RetriableError } from "./errors.ts";

/** What failed even by itself, and with what. */
export type Odd<Item> = { item: Item; fault: unknown };

/**
 * Handles all items; where a bug is met, each by itself, in order. Returns those that fail by themselves,
 * which the caller sets aside. Throws RetriableError: nothing is set aside, all come again. Throws the
 * bug where it hits every one of a hundred items or more: then it is not the items that are odd.
 */
export async function handleApart<Item>(
  items: readonly Item[],
  handle: (items: readonly Item[]) => Promise<void>,
): Promise<Odd<Item>[]> {
  if (await isHandled(items, handle)) return [];
  const odd: Odd<Item>[] = [];
  for (const item of items) {
    try {
      await handle([item]);
    } catch (fault) {
      if (fault instanceof RetriableError) throw fault;
      odd.push({ item, fault });
    }
  }
  if (odd.length === items.length && odd.length >= FAILURE_RUN_MAX) throw odd.at(-1)?.fault;
  return odd;
}

async function isHandled<Item>(
  items: readonly Item[],
  handle: (items: readonly Item[]) => Promise<void>,
): Promise<boolean> {
  try {
    if (items.length > 0) await handle(items);
    return true;
  } catch (error) {
    if (error instanceof RetriableError) throw error;
    return false;
  }
}
