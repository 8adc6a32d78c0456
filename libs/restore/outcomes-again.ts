// An outcome goes to Kafka right behind the journal's record. Whoever died between the two has left it in the
// outbox; where Redis was lost with it, the journal alone knows of it. Those of the last instants before the
// loss are told again: the same words under the same revision.
import { readGood } from "#libs/contracts/codec.ts";
import type { JournalEntry } from "#libs/contracts/generated/types.ts";
import { readableBytes, type StoredRecord } from "#libs/kafka/span-reader.ts";
import type { Flow } from "#libs/message-flow/flow.ts";
import { publishAll } from "#libs/message-flow/publish-entry.ts";
import { outcomesAgain } from "#libs/message-flow/records.ts";

/** Resolves once Kafka has them. What nobody can read has none. */
export async function tellOutcomesAgain(
  records: readonly StoredRecord[],
  flow: Pick<Flow, "contracts" | "settings" | "producer" | "store" | "log">,
): Promise<void> {
  const { contracts, settings } = flow;
  const entries = await readGood(records, readableBytes, contracts.journalEntry);
  const ended = entries.map(({ value }) => value).filter(isTold);
  const requests = await readGood(ended, ({ request }) => request, contracts.sendRequest);
  const again = requests.flatMap(({ item: entry, value: request }) => {
    return outcomesAgain(entry, request, { contracts, settings });
  });
  if (again.length > 0) await publishAll(again, flow);
}

function isTold({ state }: JournalEntry): boolean {
  return state.phase === "ENDED";
}
