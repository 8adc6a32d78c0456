// When the events of each message's story were stored first: an instant that no process can be wrong about.
import type { StoryEvent } from "#libs/contracts/generated/types.ts";
import { decodeOwn } from "#test/support/decode-own.ts";
import type { StoredEvent, Witness } from "./verdict.ts";

const STATE_KEY = /^ft:\{\d+\}:m:(.*)$/s;
const VERSION_BYTES = 4;

/** When each event of a message was stored, by the world's clock. */
export function noteStates(
  keys: Iterable<string>,
  { redis, storedAt }: Pick<Witness, "redis" | "storedAt">,
  now: number,
): void {
  for (const key of keys) {
    const messageId = STATE_KEY.exec(key)?.[1];
    const value = messageId && redis.keys.text(key);
    if (!messageId || !value) continue;
    const bytes = Buffer.from(value.slice(VERSION_BYTES), "latin1");
    const { story } = decodeOwn("journal-entry", bytes);
    storedAt.set(messageId, withStory(storedAt.get(messageId) ?? [], story, now));
  }
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
