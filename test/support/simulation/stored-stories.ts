// When the events of each message's story were stored first: an instant that no process can be wrong about.
import type { StoryEvent } from "#libs/contracts/generated/types.ts";
import { decodeOwn } from "#test/support/decode-own.ts";
import type { StoredEvent, Witness } from "./verdict.ts";

const STATE_KEY = /^ft:\{\d+\}:m:(.*)$/s;
const VERSION_BYTES = 4;

/** When each event of a message was stored, by the world's clock. */
export function noteStates(
  keys: Iterable<string>,
  { redis, storedAt, takenIn }: Pick<Witness, "redis" | "storedAt" | "takenIn">,
  now: number,
): void {
  for (const key of keys) {
    const messageId = STATE_KEY.exec(key)?.[1];
    const value = messageId && redis.keys.text(key);
    if (!messageId || !value) continue;
    const bytes = Buffer.from(value.slice(VERSION_BYTES), "latin1");
    const { story, request, version } = decodeOwn("journal-entry", bytes);
    noteTaken(messageId, request === null ? null : version, takenIn);
    storedAt.set(messageId, withStory(storedAt.get(messageId) ?? [], story, now));
  }
}

/** Where Redis has lost a message it may be taken again, in another version. */
export function noteTaken(
  messageId: string,
  requestedIn: number | null,
  takenIn: Map<string, number>,
): void {
  if (requestedIn === null) takenIn.delete(messageId);
  else takenIn.set(messageId, Math.min(requestedIn, takenIn.get(messageId) ?? Infinity));
}

/**
 * What was stored before keeps its instant, also where Redis has lost its last events for now. Where another event takes the
 * place of one that was lost, a new history begins.
 */
export function withStory(
  known: readonly StoredEvent[],
  story: readonly StoryEvent[],
  now: number,
): readonly StoredEvent[] {
  const names = story.map((one) => `${one.at} ${one.type} ${one.rule} ${one.attemptIndex}`);
  const other = names.findIndex((name, index) => known[index]?.name !== name);
  if (other === -1) return known;
  return [...known.slice(0, other), ...names.slice(other).map((name) => ({ name, at: now }))];
}
