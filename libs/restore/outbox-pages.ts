import type { FlowStore, OutboxEntry } from "#libs/flow-store/ports.ts";
import { messageIdsOf } from "#libs/message-flow/left-entries.ts";

/** Entries at a time, each of 512 messages at most. */
const PAGE_COUNT = 16;

/** What a shard's outbox holds, page by page. */
export async function* outboxPages(
  shard: number,
  store: Pick<FlowStore, "readOutbox">,
): AsyncGenerator<OutboxEntry[]> {
  const page = { countMax: PAGE_COUNT, minAgeMs: 0 };
  let { entries } = await store.readOutbox(shard, page);
  for (let last = entries.at(-1); last; last = entries.at(-1)) {
    yield entries;
    ({ entries } = await store.readOutbox(shard, { ...page, after: last.entryId }));
  }
}

/** Likewise the messages of its entries, each once a page. */
export async function* outboxMessageIds(
  shard: number,
  store: Pick<FlowStore, "readOutbox">,
): AsyncGenerator<string[]> {
  for await (const entries of outboxPages(shard, store)) {
    yield [...new Set(entries.flatMap(messageIdsOf))];
  }
}
