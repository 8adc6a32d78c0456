// Which events of a message's story are told, and the id under which each is told once.
import { createHash } from "node:crypto";
import type { JournalEntry, StoryEvent } from "#libs/contracts/generated/types.ts";
import { type Tellable, type TellableEvent, typeNames } from "#libs/dialects/dialect.ts";
import { dialects } from "#libs/dialects/dialects.ts";
import type { DialectName } from "#libs/dialects/names.ts";

/** Older events are not told: a journal that is read from its beginning holds 45 days. */
const TOLD_FOR_MS = 7 * 24 * 3_600_000;

/**
 * The events that a webhook of this format is told, oldest first. An id depends on nothing but the
 * event: an attempt starts once and has each status once, a message ends once, each amendment has a
 * revision of its own. So neither an entry that comes again nor one that was skipped changes it.
 */
export function tellables(
  { messageId, story }: Pick<JournalEntry, "messageId" | "story">,
  { format, now }: { format: DialectName; now: number },
): Tellable[] {
  const { tells, second } = dialects[format].notifications;
  return story.flatMap((event, index) => {
    if (!isTellable(event) || event.at < now - TOLD_FOR_MS) return [];
    const id = idOf(messageId, event);
    const told = { event, index };
    return [
      ...(tells(event, story, index) ? [{ ...told, id, isSecond: false }] : []),
      ...(second?.tells(story, index) ? [{ ...told, id: `${id}_2`, isSecond: true }] : []),
    ];
  });
}

function isTellable(event: StoryEvent): event is TellableEvent {
  return Object.hasOwn(typeNames, event.type);
}

/** A hash, because ids of messages may be any text and this one becomes a header. */
function idOf(messageId: string, event: TellableEvent): string {
  const { type, attemptIndex, status, revision } = event;
  const what = [messageId, type, attemptIndex, status, revision].join("\n");
  return `ntf_${createHash("sha256").update(what).digest("hex").slice(0, 32)}`;
}
