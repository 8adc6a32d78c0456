// An outcome goes to Kafka right behind the journal's record. Whoever died between the two has left it in the
// outbox; where Redis was lost with it, the journal alone knows of it. Those of the last instants before the
// loss are told again: the same words under the same revision.
import { readEach, valueOf } from "#libs/contracts/codec.ts";
import type { JournalEntry } from "#libs/contracts/generated/types.ts";
import type { StoredRecord } from "#libs/kafka/span-reader.ts";
import type { Flow } from "#libs/message-flow/flow.ts";
import { publishAll } from "#libs/message-flow/publish-entry.ts";
import { outcomesAgain } from "#libs/message-flow/records.ts";

/** Resolves once Kafka has them. What nobody can read has none. */
export async function tellOutcomesAgain(
  records: readonly StoredRecord[],
  flow: Pick<Flow, "contracts" | "settings" | "producer" | "store" | "log">,
): Promise<void> {
  const { contracts, settings } = flow;
  const reads = await readEach(records, bytesOf, contracts.journalEntry);
  const ended = reads.flatMap(({ read }) => {
    return read && !(read instanceof Error) && isTold(valueOf(read)) ? [valueOf(read)] : [];
  });
  const requests = await readEach(ended, ({ request }) => request, contracts.sendRequest);
  const again = requests.flatMap(({ item: entry, read }) => {
    if (!read || read instanceof Error) return [];
    return outcomesAgain(entry, valueOf(read), { contracts, settings });
  });
  if (again.length > 0) await publishAll(again, flow);
}

function bytesOf({ unreadable, value }: StoredRecord): Buffer | null {
  return unreadable === null ? value : null;
}

function isTold({ state }: JournalEntry): boolean {
  return state.phase === "ENDED";
}
