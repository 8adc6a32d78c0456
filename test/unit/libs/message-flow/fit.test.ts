import { expect, it } from "vitest";
import { topics } from "#libs/contracts/topics.ts";
import { PoisonRecordError } from "#libs/errors.ts";
import { assertFit } from "#libs/message-flow/fit.ts";

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
