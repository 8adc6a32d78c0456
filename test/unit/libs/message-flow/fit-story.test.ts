// What is kept of a story where not all of it fits: a message always fits, so that it always ends.
import { expect, it } from "vitest";
import { withinBounds } from "#libs/contracts/bounds.ts";
import type { JournalEntry, StoryEvent } from "#libs/contracts/generated/types.ts";
import { REQUEST_BYTES_MAX } from "#libs/contracts/limits.ts";
import { topics } from "#libs/contracts/topics.ts";
import { PoisonRecordError } from "#libs/errors.ts";
import { assertFit } from "#libs/message-flow/fit.ts";
import { fitStory } from "#libs/message-flow/fit-story.ts";
import { samples } from "#test/support/contract-samples.ts";
import { decodeOwn } from "#test/support/decode-own.ts";
import { codecOf } from "#test/support/record-codecs.ts";

const codec = codecOf("journal-entry");
/** Beyond each bound of words, which count code units: what is left is the most that is. */
const wide = "€".repeat(2_000);
const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

const { state, story } = samples["journal-entry"];
const name = "\u{1f600}".repeat(64);
const refusal = { connection: name, errorCode: wide, errorClass: null, errorText: wide };
const charge = {
  amountMicros: 1,
  currency: "EUR",
  isBillable: true,
  category: wide,
  network: wide,
};
const event: StoryEvent = {
  ...story[0]!,
  type: "REPORT_NOTED",
  rule: name,
  errorCode: wide,
  detail: wide,
  charge,
  route: null,
};

/** The largest message that the bounds let be: ten steps of long SMS in 255 parts. */
function largest(events: readonly StoryEvent[]): JournalEntry {
  const parts = times(255, (index) => ({
    providerMessageId: String(index).padEnd(250, "p"),
    success: "DELIVERED" as const,
    failure: "UNDELIVERED" as const,
  }));
  const attempt = {
    ...state.attempts[0]!,
    errorCode: wide,
    provider: name,
    providerMessageId: "p".repeat(250),
    parts,
    refused: times(10, () => name),
    charge,
  };
  const step = { ...state.steps[0]!, channel: name, sender: name };
  const entry: JournalEntry = {
    ...samples["journal-entry"],
    messageId: "m".repeat(250),
    traceparent: "t".repeat(64),
    request: Buffer.alloc(REQUEST_BYTES_MAX),
    story: events.map((each) => ({ ...each })),
    newEventCount: events.length,
    state: {
      ...state,
      steps: times(10, () => ({ ...step })),
      attempts: times(10, () => structuredClone(attempt)),
    },
  };
  const held = withinBounds("journal-entry", structuredClone(entry), 0);
  if (held instanceof PoisonRecordError) throw held;
  return { ...held.value, request: entry.request };
}

function fitted(entry: JournalEntry) {
  const { state: value, isCut } = fitStory(entry, codec);
  assertFit([{ topic: topics.messageJournal.name, key: entry.messageId, value }]);
  return { isCut, told: decodeOwn("journal-entry", value) };
}

const routed = { ...event, route: { connection: name, refusals: times(10, () => refusal) } };
const faults = times(20, () => ({ code: "invalid", path: wide, words: wide }));

it.each([
  ["routes", routed],
  ["words", event],
  ["faults", { ...event, faults }],
])("fits for the largest message whose story is full of %s", (_what, each) => {
  const entry = largest(times(200, () => each));
  const { isCut, told } = fitted(entry);
  expect(isCut).toBe(true);
  expect(told.state).toEqual(entry.state);
  expect(told.request).toEqual(entry.request);
  expect(told.story.length).toBeGreaterThan(0);
  expect(told.newEventCount).toBe(told.story.length);
});

it("is told whole where it fits", () => {
  const entry = largest(times(20, () => event));
  expect(fitted(entry)).toEqual({ isCut: false, told: entry });
});

it("loses what explains before what happened, the oldest first", () => {
  const ended: StoryEvent = { ...event, type: "MESSAGE_ENDED", detail: "invalid" };
  const small = { ...largest([]), request: Buffer.alloc(0) };
  const { story: few } = largest([...times(44, () => routed), ended]);
  const { told } = fitted({ ...small, story: few });
  expect(told.story).toHaveLength(45);
  expect(told.story.map(({ route }) => route !== null)).toEqual([
    ...times(25, () => false),
    ...times(19, () => true),
    false,
  ]);
  expect(told.story.every(({ detail }) => detail !== null)).toBe(true);

  const { story: many } = largest([ended, ...times(199, () => event)]);
  const lost = fitted({ ...largest([]), story: many }).told.story;
  expect(lost).toHaveLength(200);
  expect(lost.map(({ detail }) => detail !== null)).toEqual([
    true,
    ...times(179, () => false),
    ...times(20, () => true),
  ]);
});
