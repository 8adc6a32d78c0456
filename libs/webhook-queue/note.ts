// A notification as it waits, and as a dead letter.
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";

const Note = Type.Object({
  /** The `webhook-id`. */
  id: Type.String(),
  messageId: Type.String(),
  /** The registered webhook; null for a message's own callback URL, which is in `url` then. */
  hook: Type.Union([Type.String(), Type.Null()]),
  url: Type.Union([Type.String(), Type.Null()]),
  /** What it tells of, such as `message.ended`. */
  type: Type.String(),
  /** The bytes that are sent, the same for every try. */
  body: Type.String(),
  /** Epoch ms; it is given up a day after. */
  queuedAt: Type.Number(),
});

const DeadLetter = Type.Object({
  lane: Type.String(),
  reason: Type.String(),
  /** Epoch ms. */
  diedAt: Type.Number(),
  note: Note,
});

export type Note = Static<typeof Note>;
export type DeadLetter = Static<typeof DeadLetter>;

/** Only this lib writes what it reads, so another shape is a bug and throws. */
export function decodeNote(text: string): Note {
  return Value.Parse(Note, JSON.parse(text));
}

/** As `decodeNote`. */
export function decodeDeadLetter(text: string): DeadLetter {
  return Value.Parse(DeadLetter, JSON.parse(text));
}
