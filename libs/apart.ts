// Things that are handled together, of which one may be odd: what a loop beside the consumers does with
// a bug. Records that are consumed have it with tries and dead letters in `libs/kafka/handle-chunk.ts`.
import { cutItems } from "./cut-items.ts";
import { FAILURE_RUN_MAX, RetriableError, WaitsAloneError } from "./errors.ts";

/** What failed even by itself, and with what. */
export type Odd<Item> = { item: Item; fault: unknown };

/** What is not handled: `odd` never will be, and its caller sets it aside; `waiting` is to come again. */
export type Apart<Item> = { odd: Odd<Item>[]; waiting: Odd<Item>[] };

/**
 * Handles all items, in order; where a fault is met that is of one, by halves down to those that fail by
 * themselves. Throws RetriableError that is everybody's: nothing is set aside, all come again. Throws the
 * bug where it hits every one of a hundred items or more: then it is not the items that are odd.
 */
export async function handleApart<Item>(
  items: readonly Item[],
  handle: (items: readonly Item[]) => Promise<void>,
): Promise<Apart<Item>> {
  const apart: Apart<Item> = { odd: [], waiting: [] };
  if (items.length > 0) await handleInto(apart, items, handle);
  const { odd } = apart;
  if (odd.length === items.length && odd.length >= FAILURE_RUN_MAX) throw odd.at(-1)?.fault;
  return apart;
}

/** What is odd, where nothing goes on without those that wait. Throws what the first of them waits for. */
export function noneWaiting<Item>({ odd, waiting: [first] }: Apart<Item>): Odd<Item>[] {
  if (first) throw first.fault;
  return odd;
}

async function handleInto<Item>(
  apart: Apart<Item>,
  items: readonly Item[],
  handle: (items: readonly Item[]) => Promise<void>,
): Promise<void> {
  try {
    await handle(items);
  } catch (fault) {
    const isAlone = fault instanceof WaitsAloneError;
    if (fault instanceof RetriableError && !isAlone) throw fault;
    const [item] = items;
    if (item !== undefined && items.length === 1) {
      apart[isAlone ? "waiting" : "odd"].push({ item, fault });
      return;
    }
    for (const half of cutItems(items, Math.ceil(items.length / 2))) {
      await handleInto(apart, half, handle);
    }
  }
}
