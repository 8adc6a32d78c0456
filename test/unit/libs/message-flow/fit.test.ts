import { expect, it } from "vitest";
import { compileSchema } from "#libs/contracts/avro-type.ts";
import { withinBounds } from "#libs/contracts/bounds.ts";
import type { JournalEntry, StoryEvent } from "#libs/contracts/generated/types.ts";
import { REQUEST_BYTES_MAX } from "#libs/contracts/limits.ts";
import { readSchema } from "#libs/contracts/schemas.ts";
import { topics } from "#libs/contracts/topics.ts";
import { PoisonRecordError } from "#libs/errors.ts";
import { assertFit } from "#libs/message-flow/fit.ts";
import { samples } from "#test/support/contract-samples.ts";

const record = (topic: string, byteCount: number) => ({
  topic,
  key: "m",
  value: Buffer.alloc(byteCount),
});

it("takes what a topic takes, and refuses a byte more", () => {
  const MIB = 1024 * 1024;
  const [journal, outcomes] = [topics.messageJournal.name, topics.messageOutcomes.name];
  assertFit([record(journal, 2 * MIB - 1_024), record(outcomes, MIB - 1_024)]);
  expect(() => assertFit([record(journal, 2 * MIB)])).toThrow(PoisonRecordError);
  expect(() => assertFit([record(outcomes, MIB)])).toThrow(PoisonRecordError);
});

it("counts headers, which others may fill", () => {
  const headers = { traceparent: "x".repeat(1024 * 1024) };
  expect(() => assertFit([{ ...record("dispatch-sms", 1024 * 1024), headers }])).toThrow(
    /would have/,
  );
});

it("takes the journal of the largest message that the bounds let be", () => {
  const wide = "€".repeat(2_000);
  const { state, story } = samples["journal-entry"];
  const event: StoryEvent = { ...story[0]!, rule: "€".repeat(64), errorCode: wide, detail: wide };
  const attempt = { ...state.attempts[0]!, errorCode: wide, providerMessageId: "p".repeat(250) };
  const entry: JournalEntry = {
    ...samples["journal-entry"],
    messageId: "m".repeat(250),
    request: Buffer.alloc(REQUEST_BYTES_MAX),
    story: Array.from({ length: 200 }, () => ({ ...event })),
    state: {
      ...state,
      steps: Array.from({ length: 10 }, () => ({ ...state.steps[0]!, sender: "€".repeat(64) })),
      attempts: Array.from({ length: 10 }, () => ({ ...attempt })),
    },
  };
  const held = withinBounds("journal-entry", entry, 0);
  if (held instanceof PoisonRecordError) throw held;
  const value = compileSchema(readSchema("journal-entry")).toBuffer(held.value);
  expect(value.length).toBeGreaterThan(1.6 * 1024 * 1024);
  assertFit([{ topic: topics.messageJournal.name, key: entry.messageId, value }]);
});
