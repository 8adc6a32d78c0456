// A message that waits for its start says nothing for up to 30 days. Its journal entry is written again now and
// then, so that a restore has to look back for some days only, however long a message is scheduled ahead.
import { journalAgain, type Publishing, publishAll } from "#libs/message-flow/publish-entry.ts";
import { timerPages } from "./timer-pages.ts";

const DAY_MS = 24 * 3_600_000;
/** Nobody is silent for more than 6 days then, even where this comes 3 days late: `JOURNAL_DAYS` are 9. */
const EVERY_MS = 3 * DAY_MS;
/** Further off than any wait is: who has such a timer waits for its start. */
const FAR_OFF_MS = 3 * DAY_MS;

/** Does it for a shard where it is due. Repeatable at any point. Throws RetriableError: it stays due. */
export async function rewriteScheduled(
  shard: number,
  flow: Publishing,
  nowMs: number,
): Promise<void> {
  const { epoch, atMs } = await flow.store.rewrittenAt(shard);
  if (atMs + EVERY_MS > nowMs) return;
  for await (const timers of timerPages(shard, flow.store)) {
    const far = timers.filter(({ dueAt }) => dueAt > nowMs + FAR_OFF_MS);
    if (far.length === 0) continue;
    const loaded = await flow.store.read(
      shard,
      far.map(({ messageId }) => messageId),
    );
    await publishAll(await journalAgain(loaded.messages, loaded, flow), flow);
  }
  await flow.store.noteRewritten(epoch, nowMs);
}
