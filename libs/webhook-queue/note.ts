// A notification as it waits, and as a dead letter.
import { createHash } from "node:crypto";
import { type Static, type TSchema, Type } from "typebox";
import { Value } from "typebox/value";
import { parseJson } from "#libs/json/parse-json.ts";

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
  /** How long its receiver may take, ms; absent: as long as anybody. */
  answerMsMax: Type.Optional(Type.Number()),
  /** The dialect that says how it is authorized; absent: none does. */
  format: Type.Optional(Type.String()),
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

/**
 * The note; for what nobody here can read, which a newer version may have written, one that leads
 * nowhere and has it for its body. So it is tried again, and ends as a dead letter like any other.
 */
export function decodeNote(text: string, messageId: string): Note {
  const note = read(Note, text);
  if (note) return note;
  const id = createHash("sha256").update(text).digest("hex").slice(0, 32);
  const told = { id, messageId, hook: null, url: null, type: "illegible" };
  return { ...told, body: text, queuedAt: 0 };
}

/** undefined for what nobody here can read. */
export function decodeDeadLetter(text: string): DeadLetter | undefined {
  return read(DeadLetter, text);
}

function read<Schema extends TSchema>(schema: Schema, text: string): Static<Schema> | undefined {
  const value = parseJson(text);
  return Value.Check(schema, value) ? value : undefined;
}
