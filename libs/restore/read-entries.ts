// From records of the journal to what is to be stored of them.
import { readEach, valueOf } from "#libs/contracts/codec.ts";
import type { JournalDigest, RequestDigest } from "#libs/contracts/journal-digest.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { readableBytes, type StoredRecord } from "#libs/kafka/stored-record.ts";
import { orderOf } from "./entry-order.ts";
import type { ReadEntry } from "./to-restored.ts";

/** A record that nobody can read, and why. */
export type Unreadable = { record: StoredRecord; reason: string };

type Digests = Pick<Contracts, "journalDigest" | "requestDigest">;

/**
 * What can be read, each by the schema of its writer. Throws RetriableError while the registry is away.
 * A record without a value says that its message is gone: nothing is to be stored of it.
 */
export async function readEntries(
  records: Iterable<StoredRecord>,
  { journalDigest, requestDigest }: Digests,
): Promise<{ entries: ReadEntry[]; unreadable: Unreadable[] }> {
  const unreadable: Unreadable[] = [];
  const digests: { record: StoredRecord; value: Buffer; digest: JournalDigest }[] = [];
  const given = [...records].filter(({ value }) => value !== null);
  for (const { item: record, read } of await readEach(given, readableBytes, journalDigest)) {
    const { value } = record;
    if (record.unreadable !== null) unreadable.push({ record, reason: record.unreadable });
    else if (read instanceof Error) unreadable.push({ record, reason: read.message });
    else if (read && value) digests.push({ record, value, digest: valueOf(read) });
  }
  const requests = await readEach(digests, ({ digest }) => digest.request, requestDigest);
  const entries = requests.map(({ item: { record, value, digest }, read }) => {
    const { messageId, version } = digest;
    const order = orderOf((name) => record.header(name), version);
    return { messageId, order, digest, requestedAt: instantOf(read), value };
  });
  return { entries, unreadable };
}

/** An instant that is none is as good as no request. */
function instantOf(read: { value: RequestDigest } | Error | null): number | null {
  if (read === null || read instanceof Error) return null;
  const { requestedAt } = read.value;
  return Number.isSafeInteger(requestedAt) ? requestedAt : null;
}
