// What a person does about a dead letter, by where its record failed.
import type { Stage } from "#libs/errors.ts";

/** Whole sentences; each says what to look at, and what to do then. */
export const stageAdvice: Readonly<Record<Stage, string>> = {
  read: "The bytes could not be taken apart: a batch in a form that is not read, or something stored that nobody understands. Find who writes so, and have it written anew; what is stored stays where it is.",
  decode:
    "The value is no record of its topic: not in Confluent wire format, of a schema that the registry does not know, or out of its bounds. Mend the sender and let it send anew. If only the registry lacked the schema, register it and replay.",
  judge: "A rule could not be applied to it. Look at the stack, mend the fault, and replay.",
  decide:
    "The decision met a bug. The stack says where: mend it, start the new version, and replay.",
  encode:
    "What was decided could not be written as a record. The stack says which field: mend it, start the new version, and replay.",
  commit:
    "The new state could not be stored. Look at Redis and at the stack, mend what is wrong there, and replay.",
  publish:
    "Kafka refuses what was to be published, most often because it is too large. Raise the topic's max.message.bytes or shorten what is sent; its bytes were not kept, so there is nothing to replay.",
  dispatch:
    "The call to the provider met a bug, not a refusal: it was made or was not. Look at the message's story and at the stack, mend it, and replay: a command that was answered is not called twice.",
  receipt:
    "A carrier's post holds something that is no receipt. What was good in it was taken. Compare it with the carrier's documentation; once the adapter reads it, ask the carrier to post it again, then drop it.",
  timer:
    "A timer that nobody here has armed, as its message id or its instant is out of bounds: it is gone from the timers. Or one whose message is gone from Redis: the reason says how that comes back. Look who else writes to this Redis, then drop it.",
  handle:
    "Handling it met a bug, three times. The stack says where: mend it, start the new version, and replay.",
};

/** For letters that say no stage. */
export const UNKNOWN_STAGE_ADVICE =
  "It does not say where it failed: the reason is all that is known. Mend what it names, then replay or drop it.";

/** Whether a header names a stage: letters are written by others, too. */
export function isStage(text: string | undefined): text is Stage {
  return text !== undefined && Object.hasOwn(stageAdvice, text);
}
