// A message as the store has it.
import { setTimeout as sleep } from "node:timers/promises";
import type { Codec } from "#libs/contracts/codec.ts";
import type { JournalEntry, SendRequest } from "#libs/contracts/generated/types.ts";
import type { FlowStore } from "#libs/flow-store/ports.ts";
import type { Account } from "#libs/settings/account.ts";

/** A message accepted a moment ago is still on its way through Kafka to the store. */
const ARRIVAL_LIMIT_MS = 2_000;
const POLL_MS = 50;
/** Ids of other systems may be anything, but no one's is longer. */
const MESSAGE_ID_LENGTH_MAX = 256;

export type FoundMessage = { entry: JournalEntry; request: SendRequest };
export type FindMessage = (messageId: string, account: Account) => Promise<FoundMessage | null>;

type Codecs = {
  journalEntry: Pick<Codec<JournalEntry>, "learn" | "decode">;
  sendRequest: Pick<Codec<SendRequest>, "learn" | "decode">;
};

/**
 * Finds messages of an account, waiting up to 2 s for one that is not there yet. null: there is
 * none, or it is another account's. Throws RetriableError while Redis or the registry is away.
 */
export function messageFinder(store: FlowStore, codecs: Codecs): FindMessage {
  return async (messageId, account) => {
    if (messageId.length > MESSAGE_ID_LENGTH_MAX) return null;
    const state = await arrival(messageId, store);
    return state ? read(state, account, codecs) : null;
  };
}

async function arrival(messageId: string, store: FlowStore): Promise<Buffer | null> {
  const giveUpAt = performance.now() + ARRIVAL_LIMIT_MS;
  for (;;) {
    const { messages } = await store.load(store.shardOf(messageId), [messageId]);
    const state = messages[0]?.state ?? null;
    if (state || performance.now() >= giveUpAt) return state;
    await sleep(POLL_MS);
  }
}

async function read(
  state: Buffer,
  account: Account,
  { journalEntry, sendRequest }: Codecs,
): Promise<FoundMessage | null> {
  await journalEntry.learn([state]);
  const entry = journalEntry.decode(state);
  // Without a request only its cancel is known: there is no message yet.
  if (entry.accountId !== account.accountId || !entry.request) return null;
  await sendRequest.learn([entry.request]);
  return { entry, request: sendRequest.decode(entry.request) };
}
