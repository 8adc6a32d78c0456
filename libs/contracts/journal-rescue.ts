// Reading a stored entry of which only the rest of its story cannot be read. What decides stands before that: a message need
// not stop for good because nobody can read what it once was.
import { PoisonRecordError } from "#libs/errors.ts";
import { withinBounds } from "./bounds.ts";
import { type Codec, type Read, readEach, readGood } from "./codec.ts";
import type { Wanted } from "./digest.ts";
import type { JournalEntry } from "./generated/types.ts";

/** All but what stands behind the story, of which the first event alone is read. */
export type RescuedEntry = Omit<JournalEntry, "newEventCount">;

export const rescuedFields = {
  messageId: true,
  accountId: true,
  version: true,
  at: true,
  traceparent: true,
  request: true,
  state: true,
  story: true,
} satisfies Wanted;

export function admitRescued(value: RescuedEntry, byteCount: number): Read<RescuedEntry> {
  return withinBounds("journal-entry", { ...value, newEventCount: 0 }, byteCount);
}

type Readers = {
  journalEntry: Pick<Codec<JournalEntry>, "read">;
  journalRescue: Pick<Codec<RescuedEntry>, "read">;
};

/**
 * `entry` is null where nothing is stored, or where nobody can read it: then `fault` says why. An entry with a `fault`
 * has the first event of its story alone, since nobody can read what stands behind that.
 */
export type StoredEntry<Item> = {
  item: Item;
  entry: JournalEntry | null;
  fault: PoisonRecordError | null;
};

/** Reads what is stored of each item, if anything is. Throws RetriableError as `read` does. */
export async function readStored<Item>(
  items: readonly Item[],
  bytesOf: (item: Item) => Buffer | null,
  { journalEntry, journalRescue }: Readers,
): Promise<StoredEntry<Item>[]> {
  const reads = await readEach(items, bytesOf, journalEntry);
  const odd = reads.filter(({ read }) => read instanceof PoisonRecordError);
  const rescued = (await readGood(odd, ({ item }) => bytesOf(item), journalRescue)).map(
    ({ item, value }) => [item, { ...value, newEventCount: 0 }] as const,
  );
  const entries = new Map(rescued);
  return reads.map((one) => {
    const { item, read } = one;
    if (!(read instanceof PoisonRecordError))
      return { item, entry: read && read.value, fault: null };
    return { item, entry: entries.get(one) ?? null, fault: read };
  });
}

/** The entries of these, as far as they can be read. Throws RetriableError as `read` does. */
export async function readableEntries(
  stored: readonly { state: Buffer | null }[],
  readers: Readers,
): Promise<JournalEntry[]> {
  const all = await readStored(stored, ({ state }) => state, readers);
  return all.flatMap(({ entry }) => entry ?? []);
}

/** The entry of one state. Throws PoisonRecordError, and RetriableError as `read` does. */
export async function readState(state: Buffer, readers: Readers): Promise<JournalEntry> {
  const [found] = await readStored([state], (bytes) => bytes, readers);
  if (!found?.entry) throw found?.fault ?? new Error("One state has one reading.");
  return found.entry;
}
