// The ids of an outbox' entries, in whose order they were committed.

/** Whether an entry was committed before another one. */
export function isOlderEntry(entryId: string, than: string): boolean {
  const [ms = 0, number = 0] = entryId.split("-").map(Number);
  const [otherMs = 0, otherNumber = 0] = than.split("-").map(Number);
  return ms === otherMs ? number < otherNumber : ms < otherMs;
}
