// A shard's outbox: what was committed and is not acknowledged yet.
import { shardScript } from "#libs/flow-store/epoch-guard.ts";
import { shardKeys } from "#libs/flow-store/keys.ts";
import type { OutboxContent, OutboxPage, ReadOutbox } from "#libs/flow-store/ports.ts";
import type { ShardAccess } from "#libs/flow-store/shard-access.ts";
import { VERSION_BYTES } from "#libs/flow-store/versioned.ts";
import { toBytes, toEpochMs, toList, toNumber, toPairs, toText } from "#libs/redis/reply.ts";

/** The instant behind an entry's versions. */
const INSTANT_BYTES = 8;
/** Clocks step back by some ms all the time; an entry that is further ahead was written by a wrong one. */
const AHEAD_MAX_MS = 1_000;

export const readOutboxScript = shardScript("read-outbox");

/** The oldest entries, as far as they are old enough; see `FlowStore.readOutbox`. */
export async function readOutbox(
  access: ShardAccess,
  shard: number,
  { countMax, minAgeMs, after }: OutboxPage,
): Promise<ReadOutbox> {
  const from = after === undefined ? "-" : `(${after}`;
  const readOf = async (count: number) => {
    const { epoch, entries } = await readPage(access, shard, { countMax: count, from });
    const young = entries.findIndex(({ ageMs }) => ageMs < minAgeMs);
    return { epoch, entries: young === -1 ? entries : entries.slice(0, young) };
  };
  // Entries of live processes come and go all the time: where the first is one, none is read more.
  if (minAgeMs > 0 && countMax > 1) {
    const first = await readOf(1);
    if (first.entries.length === 0) return first;
  }
  return readOf(countMax);
}

/** See `FlowStore.readEntry`. */
export async function readEntry(
  access: ShardAccess,
  shard: number,
  entryId: string,
): Promise<ReadOutbox> {
  const { epoch, entries } = await readPage(access, shard, { countMax: 1, from: entryId });
  return { epoch, entries: entries.filter((entry) => entry.entryId === entryId) };
}

async function readPage(
  { guard }: ShardAccess,
  shard: number,
  { countMax, from }: { countMax: number; from: string },
): Promise<ReadOutbox> {
  const call = { keys: [shardKeys(shard).outbox], args: [from, String(countMax)] };
  const [token, time, entries] = toList(await guard.call({ shard }, readOutboxScript, call));
  const nowMs = toEpochMs(time);
  return {
    epoch: { shard, token: toText(token) },
    entries: toList(entries).map((entry) => {
      const [id, content] = toList(entry);
      const [entryId, fields] = [toText(id), toList(content).map(toBytes)];
      return { entryId, ageMs: ageOf(writtenAt(entryId, fields), nowMs), ...readContent(fields) };
    }),
  };
}

function ageOf(atMs: number, nowMs: number): number {
  return atMs > nowMs + AHEAD_MAX_MS ? Infinity : Math.max(0, nowMs - atMs);
}

/** An entry of an older version has no instant but the one in its id. */
function writtenAt(entryId: string, fields: readonly Buffer[]): number {
  const messageCount = Math.max(0, fields.length / 2 - 2);
  const end = messageCount * VERSION_BYTES;
  const versions = fields[3];
  const isTold = versions?.length === end + INSTANT_BYTES;
  return isTold ? versions.readDoubleBE(end) : Number.parseInt(entryId, 10);
}

function readContent(fields: readonly Buffer[]): OutboxContent {
  try {
    return toContent(toPairs(fields));
  } catch (error) {
    return { fault: String(error), bytes: Buffer.concat(fields) };
  }
}

/** An entry's first two pairs are its counter and versions; the others are messageId -> bytes. */
function toContent([counter, versions, ...messages]: [unknown, unknown][]): OutboxContent {
  const versionBytes = toBytes(versions?.[1]);
  return {
    counter: toNumber(counter?.[1]),
    messages: messages.map(([id, bytes], index) => {
      const version = versionBytes.readUInt32BE(index * VERSION_BYTES);
      return { messageId: toText(id), version, outbox: toBytes(bytes) };
    }),
  };
}
