// How much of its story a message may keep. What it must keep, its request and the parts of its attempts,
// fits into a record of the journal by the bounds of each; what is told beside that need not, and a
// message that cannot be stored would never end.
import type { Codec } from "#libs/contracts/codec.ts";
import type { JournalEntry, StoryEvent } from "#libs/contracts/generated/types.ts";
import { recordBytesMax, topics } from "#libs/contracts/topics.ts";

/** What stands around the entry in its record: key, headers, Kafka's frame. */
const AROUND_BYTES = 4 * 1024;
const ENTRY_BYTES_MAX = recordBytesMax(topics.messageJournal.name) - AROUND_BYTES;
/** The newest events are what somebody asks about. */
const NEWEST_COUNT = 20;

type Story = readonly StoryEvent[];

/** One after the other until it fits: what explains goes before what happened, and the oldest first. */
const CUTS: readonly ((story: Story) => StoryEvent[])[] = [
  (story) => [...story.slice(0, -NEWEST_COUNT).map(withoutRoute), ...story.slice(-NEWEST_COUNT)],
  (story) => [...story.slice(0, -NEWEST_COUNT).map(withoutWords), ...story.slice(-NEWEST_COUNT)],
  (story) => story.map(withoutRoute),
  (story) => story.map(withoutWords),
  ...[100, 50, 10, 1].map((count) => (story: Story) => story.slice(-count)),
];

/**
 * The entry's bytes, with as much of its story as its record has room for. `isCut`: that was not all. An
 * entry within its bounds always fits so.
 */
export function fitStory(
  entry: JournalEntry,
  codec: Pick<Codec<JournalEntry>, "encode">,
): { state: Buffer; isCut: boolean } {
  let state = codec.encode(entry);
  let { story } = entry;
  let isCut = false;
  for (const cut of CUTS) {
    if (state.length <= ENTRY_BYTES_MAX) break;
    isCut = true;
    story = cut(story);
    const newEventCount = Math.min(entry.newEventCount, story.length);
    state = codec.encode({ ...entry, story, newEventCount });
  }
  return { state, isCut };
}

function withoutRoute(event: StoryEvent): StoryEvent {
  return { ...event, route: null };
}

/** A rejection's code is its detail, and is short. */
function withoutWords(event: StoryEvent): StoryEvent {
  return event.type === "MESSAGE_ENDED" ? event : { ...event, detail: null };
}
