// Messages and accounts of a test's own, whose stories began some seconds ago.
import { randomUUID } from "node:crypto";
import type { JournalEntry } from "#libs/contracts/generated/types.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { entryAfter, report, START } from "#test/support/journal-entry.ts";

/** Entries of `journal-entry.ts` begin at START. */
const SHIFT_MS = Date.now() - START - 5_000;

type Ids = Pick<JournalEntry, "messageId" | "accountId">;

/** A message and an account of the test's own. */
export function own(name: string): Ids {
  return { messageId: `${name}-${randomUUID()}`, accountId: `a${randomUUID().slice(0, 20)}` };
}

/** The entry after `inputs`, as if they had come lately. */
export function entryOf(ids: Ids, inputs: FallbackInput[], more: Partial<JournalEntry> = {}) {
  const lately = inputs.map((input) => {
    const asked = "requestedAt" in input ? { requestedAt: input.requestedAt + SHIFT_MS } : {};
    const fired = "firedAt" in input ? { firedAt: input.firedAt + SHIFT_MS } : {};
    return { ...input, ...asked, ...fired, at: input.at + SHIFT_MS };
  });
  return { ...entryAfter(lately, ids), ...more };
}

/** By an id of its own. */
export function readReport(): FallbackInput {
  return report(0, "READ", 1_000, { providerMessageId: `wa-${randomUUID()}` });
}
