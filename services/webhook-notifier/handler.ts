// From the journal to the queue. A whole story comes with every entry, so what was told before is
// found by its ids: entries may come again, skip versions or come late.

import { readEach, valueOf } from "#libs/contracts/codec.ts";
import type { JournalEntry } from "#libs/contracts/generated/types.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { type Tellable, type ToldMessage, typeNames } from "#libs/dialects/dialect.ts";
import { dialects } from "#libs/dialects/dialects.ts";
import { changedStepIndex } from "#libs/dialects/told-attempt.ts";
import type { IncomingRecord } from "#libs/kafka/ports.ts";
import type { SettingsView } from "#libs/settings/connect-settings.ts";
import type { Note } from "#libs/webhook-queue/note.ts";
import type { WebhookQueue } from "#libs/webhook-queue/webhook-queue.ts";
import { type Target, targetsOf } from "./targets.ts";
import { tellables } from "./tellable.ts";

export type HandlerDeps = {
  queue: Pick<WebhookQueue, "findTold">;
  /** As the queue does, for what is new or what is told once more. */
  enqueue: WebhookQueue["enqueue"];
  settings: Pick<SettingsView, "findAccount" | "caughtUp">;
  contracts: Pick<Contracts, "sendRequest">;
  now: () => number;
  /** Has whoever delivers look at the queue. */
  wake: () => void;
};

/** What one target may be told of one message. */
type Telling = ToldMessage & { target: Target };

/** Resolves once the queue has everything that the entries newly say, or rejects as `enqueue` does. May be repeated at any point. */
export async function handleEntries(
  records: readonly IncomingRecord<JournalEntry>[],
  deps: HandlerDeps,
): Promise<void> {
  const { settings } = deps;
  // The last one of a message tells what those before it tell.
  const entries = [...new Map(records.map(({ value }) => [value.messageId, value])).values()];
  // A webhook that was there before a message is told of it: the settings are not older than it.
  await settings.caughtUp();
  const tellings = await tellingsOf(entries, deps);
  const told = await Promise.allSettled(tellings.map((telling) => tell(telling, deps)));
  if (tellings.length > 0) deps.wake();
  for (const each of told) if (each.status === "rejected") throw each.reason;
}

/** Throws PoisonRecordError for an entry whose request nobody can read. */
async function tellingsOf(
  entries: readonly JournalEntry[],
  { settings, contracts }: HandlerDeps,
): Promise<Telling[]> {
  // Without a request only a cancel is known: there is no message yet.
  const reads = await readEach(entries, ({ request }) => request, contracts.sendRequest);
  return reads.flatMap(({ item: entry, read }) => {
    if (!read) return [];
    const request = valueOf(read);
    const account = settings.findAccount(entry.accountId);
    const { templates = new Map(), prices = new Map() } = account ?? {};
    const targets = targetsOf(entry, request, account);
    return targets.map((target) => ({ target, entry, request, templates, prices }));
  });
}

async function tell(telling: Telling, { queue, enqueue, now }: HandlerDeps): Promise<void> {
  const { target, entry } = telling;
  const { lane, format } = target;
  const { messageId } = entry;
  const all = tellables(entry, { format, now: now() }).filter((each) => isTold(each, target));
  const ids = all.map(({ id }) => id);
  const told = await queue.findTold(lane, messageId, ids);
  const fresh = all.filter((_, index) => !told[index]);
  const notes = fresh.map((tellable) => toNote(tellable, telling, now()));
  await enqueue({ lane, messageId, notes });
}

function isTold({ event }: Tellable, { since, isFor }: Target): boolean {
  return event.at >= since && isFor(changedStepIndex(event));
}

function toNote(tellable: Tellable, telling: Telling, queuedAt: number): Note {
  const { target, entry } = telling;
  const { hook, url, format } = target;
  const { notifications } = dialects[format];
  const { answerMsMax, authorization } = notifications;
  const { body: toBody } = (tellable.isSecond && notifications.second) || notifications;
  const body = toBody(tellable, telling);
  const type = typeNames[tellable.event.type];
  const note = { id: tellable.id, messageId: entry.messageId, hook, url, type, body, queuedAt };
  return {
    ...note,
    ...(answerMsMax !== undefined && { answerMsMax }),
    ...(authorization && { format }),
  };
}
