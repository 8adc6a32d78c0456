// Messages as the store has them.
import { setTimeout as sleep } from "node:timers/promises";
import { type Read, readEach } from "#libs/contracts/codec.ts";
import { readableEntries } from "#libs/contracts/journal-rescue.ts";
import { ID_BYTES_MAX } from "#libs/contracts/limits.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import type { KnownMessage } from "#libs/dialects/dialect.ts";
import { PoisonRecordError } from "#libs/errors.ts";
import type { FlowStore } from "#libs/flow-store/ports.ts";
import type { Account } from "#libs/settings/account.ts";
import { isNamedBy, messageIdsFor } from "./known-ids.ts";

/** A message accepted a moment ago is still on its way through Kafka to the store. */
export const ARRIVAL_LIMIT_MS = 2_000;
const POLL_MS = 50;
/** More for each message: to look for 10,000 takes a tenth of a second of this process. */
const POLL_MS_EACH = 0.1;
/** Messages read at a time: decoding them holds up other requests for some milliseconds. */
const LOAD_COUNT_MAX = 256;

export type FindMessage = (messageId: string, account: Account) => Promise<KnownMessage | null>;
export type FindMessages = (
  messageIds: readonly string[],
  account: Account,
) => Promise<KnownMessage[]>;

type Codecs = Pick<Contracts, "journalEntry" | "journalRescue" | "sendRequest">;

/**
 * Finds those of an account's messages that the store has now, in no order. Others' messages and
 * unknown ids are left out. Throws RetriableError while Redis or the registry is away.
 */
export function messagesFinder(store: FlowStore, codecs: Codecs): FindMessages {
  return async (messageIds, account) => {
    const possible = messageIds.filter(({ length }) => length <= ID_BYTES_MAX);
    const found: KnownMessage[] = [];
    for (const [shard, ids] of Map.groupBy(possible, (id) => store.shardOf(id))) {
      for (let start = 0; start < ids.length; start += LOAD_COUNT_MAX) {
        const { messages } = await store.read(shard, ids.slice(start, start + LOAD_COUNT_MAX));
        found.push(...(await readAll(messages, account, codecs)));
      }
    }
    return found;
  };
}

/**
 * Finds a message of an account by its id, or by another that the vendor whose client sent it has for
 * it, waiting up to 2 s for one that is not there yet. null: there is none, or it is another
 * account's. Throws RetriableError while Redis or the registry is away.
 */
export function messageFinder(find: FindMessages): FindMessage {
  return async (id, account) => {
    const findLed: FindMessages = async (ids, owner) => {
      return (await find(ids, owner)).filter((message) => isNamedBy(id, message));
    };
    const [message = null] = await awaitAny(messageIdsFor(id), account, findLed);
    return message;
  };
}

/** The messages once there is at least one of them; none if that takes longer than 2 s. */
export async function awaitAny(
  messageIds: readonly string[],
  account: Account,
  find: FindMessages,
): Promise<KnownMessage[]> {
  const giveUpAt = performance.now() + ARRIVAL_LIMIT_MS;
  for (;;) {
    const found = await find(messageIds, account);
    if (found.length > 0 || performance.now() >= giveUpAt) return found;
    await sleep(pollMs(messageIds.length));
  }
}

/** How long to wait before so many messages are looked for again. */
export function pollMs(messageCount: number): number {
  return POLL_MS + messageCount * POLL_MS_EACH;
}

/** What nobody can read is told of where messages move; here it must not hide the others. */
function legible<T>(reads: readonly Read<T>[]): T[] {
  return reads.flatMap((read) => (read instanceof PoisonRecordError ? [] : [read.value]));
}

async function readAll(
  messages: readonly { state: Buffer | null }[],
  { accountId }: Account,
  codecs: Codecs,
): Promise<KnownMessage[]> {
  const entries = await readableEntries(messages, codecs);
  // Without a request only a cancel is known: there is no message yet.
  const own = entries.filter((entry) => entry.accountId === accountId);
  const reads = await readEach(own, ({ request }) => request, codecs.sendRequest);
  return reads.flatMap(({ item: entry, read }) =>
    legible(read ? [read] : []).map((request) => ({ entry, request })),
  );
}
