// An outcome goes to Kafka right behind the journal's record. Whoever died between the two has left it in the
// outbox; where Redis was lost with it, the journal alone knows of it, maybe only in a record of another writer
// who came after. Those of the last instants before the loss that nobody has told are told.
import { readGood } from "#libs/contracts/codec.ts";
import type { JournalEntry } from "#libs/contracts/generated/types.ts";
import { readableBytes, type SpanReader, type StoredRecord } from "#libs/kafka/span-reader.ts";
import type { Flow } from "#libs/message-flow/flow.ts";
import { publishAll } from "#libs/message-flow/publish-entry.ts";
import { outcomesAgain } from "#libs/message-flow/records.ts";

/** Outcomes are told after they are decided, by clocks that differ by less than this. */
const CLOCKS_DIFFER_MS = 10_000;

export type OutcomesAgain = Pick<Flow, "contracts" | "settings" | "producer" | "store" | "log"> & {
  /** A reader of the outcomes. */
  openReader: () => Promise<SpanReader>;
};

/**
 * Takes the journal's records, each partition's in order, and tells what they have of outcomes that were decided at
 * `sinceMs` (epoch ms) or later and that are not on Kafka. Resolves once they are. What nobody can read has none.
 */
export function outcomesTeller(
  sinceMs: number,
  flow: OutcomesAgain,
): (records: readonly StoredRecord[]) => Promise<void> {
  const { contracts, settings } = flow;
  let reading: Promise<Set<string>> | undefined;
  return async (records) => {
    reading ??= readTold(sinceMs - CLOCKS_DIFFER_MS, flow);
    const told = await reading;
    const entries = await readGood(records, readableBytes, contracts.journalEntry);
    const ended = entries.map(({ value }) => value).filter(isTold);
    const requests = await readGood(ended, ({ request }) => request, contracts.sendRequest);
    const again = requests.flatMap(({ item: entry, value: request }) => {
      const isWanted = ({ at, revision }: { at: number; revision: number | null }) => {
        if (revision === null || at < sinceMs || told.has(nameOf(entry.messageId, revision)))
          return false;
        told.add(nameOf(entry.messageId, revision));
        return true;
      };
      return outcomesAgain({ entry, isWanted }, request, { contracts, settings });
    });
    if (again.length > 0) await publishAll(again, flow);
  };
}

async function readTold(
  sinceMs: number,
  { contracts, openReader }: OutcomesAgain,
): Promise<Set<string>> {
  const told = new Set<string>();
  await using reader = await openReader();
  await reader.read(await reader.spansSince(sinceMs), async (records) => {
    const outcomes = await readGood(records, readableBytes, contracts.messageOutcome);
    for (const { value } of outcomes) told.add(nameOf(value.messageId, value.revision));
  });
  return told;
}

function nameOf(messageId: string, revision: number): string {
  return `${messageId}#${revision}`;
}

function isTold({ state }: JournalEntry): boolean {
  return state.phase === "ENDED";
}
