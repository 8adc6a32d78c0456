// Messages of an account as a list, newest first: the index says which there are, their states say
// which are asked for.

import type { KnownMessage } from "#libs/dialects/dialect.ts";
import type { FlowStore, ListedMessage } from "#libs/flow-store/ports.ts";
import type { Account } from "#libs/settings/account.ts";
import type { FindMessages } from "./find-messages.ts";

/** Read for one answer at most, however few of them match: some 100 ms of this process. */
const SCAN_COUNT_MAX = 2_000;
/** Read at a time. */
const CHUNK_COUNT = 200;

export type ListQuery = {
  /** Both ends are included, epoch ms. */
  fromMs: number;
  toMs: number;
  after: ListedMessage | null;
  countMax: number;
  matches: (message: KnownMessage) => boolean;
};

/** `next`: where to go on; null where there is nothing more. */
export type MessagePage = { messages: KnownMessage[]; next: ListedMessage | null };
export type ListMessages = (account: Account, query: ListQuery) => Promise<MessagePage>;

/**
 * Lists up to `countMax` matching messages, looking at 2,000 at most: a page may be short, or empty,
 * while `next` leads on. Those whose state has expired are left out, and taken off the index. Throws
 * RetriableError while Redis or the registry is away.
 */
export function messageLister(store: Store, find: FindMessages): ListMessages {
  return async (account, { matches, countMax, ...range }) => {
    const messages: KnownMessage[] = [];
    let { after } = range;
    for (let scanned = 0; scanned < SCAN_COUNT_MAX; scanned += CHUNK_COUNT) {
      const part = { ...range, after, countMax: CHUNK_COUNT };
      const listed = await store.list(account.accountId, part);
      for (const [place, message] of await keptMessages(listed, account, { store, find })) {
        if (!matches(message)) continue;
        if (messages.length === countMax) return { messages, next: after };
        messages.push(message);
        after = place;
      }
      if (listed.length < CHUNK_COUNT) return { messages, next: null };
      after = listed.at(-1) ?? after;
    }
    return { messages, next: after };
  };
}

type Store = Pick<FlowStore, "list" | "unlist" | "shardOf" | "read">;
type Sources = { store: Store; find: FindMessages };

/** The listed messages that are still kept, in the list's order. */
async function keptMessages(
  listed: readonly ListedMessage[],
  account: Account,
  { store, find }: Sources,
): Promise<[ListedMessage, KnownMessage][]> {
  const messageIds = listed.map(({ messageId }) => messageId);
  const found = await find(messageIds, account);
  const byId = new Map(found.map((message) => [message.entry.messageId, message]));
  const missing = messageIds.filter((messageId) => !byId.has(messageId));
  await unlistExpired(missing, account, store);
  const kept: [ListedMessage, KnownMessage][] = [];
  for (const place of listed) {
    const message = byId.get(place.messageId);
    if (message) kept.push([place, message]);
  }
  return kept;
}

/** Takes off the list what has no state any more. What nobody can read just now stays there. */
async function unlistExpired(
  messageIds: readonly string[],
  { accountId }: Account,
  store: Store,
): Promise<void> {
  for (const [shard, ids] of Map.groupBy(messageIds, (id) => store.shardOf(id))) {
    const { epoch, messages } = await store.read(shard, ids);
    const expired = ids.filter((_, index) => messages[index]?.state === null);
    if (expired.length > 0) await store.unlist(epoch, accountId, expired);
  }
}
