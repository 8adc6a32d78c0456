// What journal entries become in Redis, where some of the time has passed.
import { expect, it } from "vitest";
import type { JournalEntry } from "#libs/contracts/generated/types.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { toLinks } from "#libs/restore/to-links.ts";
import { toRestored } from "#libs/restore/to-restored.ts";
import {
  cancel,
  entryAfter,
  report,
  START,
  sent,
  step,
  threeSteps,
  tick,
} from "#test/support/journal-entry.ts";

const DAY_MS = 24 * 3_600_000;
const order = { epoch: "000001-00000000", counter: 1, version: 3 };
const value = Buffer.from("as it stands in the journal");

function restoredAfter(
  inputs: FallbackInput[],
  { nowMs = START, messageId = "m-1", requestedAt = START } = {},
) {
  const entry = entryAfter(inputs, { messageId, accountId: "demo" });
  const digest: JournalEntry = { ...entry, request: Buffer.from("request") };
  return toRestored({ messageId, order, digest, requestedAt, value }, nowMs);
}

it("an open message is as it was, with the timer that it had", () => {
  expect(restoredAfter([sent(threeSteps)], { nowMs: START + 59_999 })).toEqual({
    messageId: "m-1",
    ...order,
    state: value,
    dueAt: START + 60_000,
    keepMs: null,
    indexed: { accountId: "demo", at: START },
  });
});

it("a scheduled message starts when it was to start", () => {
  const scheduledAt = START + 20 * DAY_MS;
  expect(
    restoredAfter([sent(threeSteps, { scheduledAt })], { nowMs: START + DAY_MS }),
  ).toMatchObject({ dueAt: scheduledAt, keepMs: null });
});

it("an overdue timer fires soon, never before now, each message's at an instant of its own", () => {
  const nowMs = START + 3_600_000;
  const dueAts = Array.from({ length: 500 }, (_, index) => {
    const messageId = `m-${index}`;
    const dueAt = restoredAfter([sent(threeSteps)], { nowMs, messageId }).dueAt ?? 0;
    expect(restoredAfter([sent(threeSteps)], { nowMs, messageId }).dueAt).toBe(dueAt);
    return dueAt;
  });
  expect(Math.min(...dueAts)).toBeGreaterThanOrEqual(nowMs);
  expect(Math.max(...dueAts)).toBeLessThan(nowMs + 10_000);
  expect(new Set(dueAts).size).toBeGreaterThan(400);
});

it("an ended message has the rest of its 8 days, and after them another hour, on no list", () => {
  const ended = [sent([step("sms", null, "DELIVERED")]), report(0, "DELIVERED", 1_000)];
  const at = (nowMs: number) => restoredAfter(ended, { nowMs });
  expect(at(START + DAY_MS)).toMatchObject({ dueAt: null, keepMs: 7 * DAY_MS + 1_000 });
  expect(at(START + 8 * DAY_MS - 3_600_000)).toMatchObject({ keepMs: 3_601_000 });
  for (const ms of [0, DAY_MS]) {
    const gone = at(START + 8 * DAY_MS + ms);
    expect(gone).toMatchObject({ dueAt: null, keepMs: 3_600_000 });
    expect(gone.indexed).toBeUndefined();
  }
});

it("a message whose cancel came before its request is kept for 8 days, in no list", () => {
  const entry = entryAfter([cancel(0)]);
  const read = { messageId: "m-1", order, digest: entry, requestedAt: null, value };
  const restored = toRestored(read, START + DAY_MS);
  expect(restored).toMatchObject({ dueAt: null, keepMs: 7 * DAY_MS });
  expect(restored.indexed).toBeUndefined();
});

it("is listed by when it was asked for, and never by an instant to come", () => {
  expect(listedAt(START - 5_000)).toBe(START - 5_000);
  expect(listedAt(START + 5_000)).toBe(START);
  expect(listedAt(-7)).toBe(0);
});

it("what only a newer version can read is kept, and looked at soon", () => {
  const entry = entryAfter([sent(threeSteps)]);
  const state = { ...entry.state, phase: "UNKNOWN" as const };
  const read = { messageId: "m-1", order, digest: { ...entry, state }, requestedAt: null, value };
  const restored = toRestored(read, START);
  expect(restored.keepMs).toBeNull();
  expect(restored.dueAt).toBeGreaterThanOrEqual(START);
  expect(restored.dueAt).toBeLessThan(START + 10_000);
});

it("the ids that receipts may still come for are linked, all parts of an attempt together", () => {
  const entry = entryAfter([
    sent(threeSteps),
    accepted(0, 10, ["wa-1"]),
    tick(60_000),
    accepted(1, 60_010, ["vi-1", "vi-2"]),
  ]);
  const link = { provider: "simulated", messageId: "m-1" };
  const both = ["vi-1", "vi-2"];
  expect(toLinks(entry, START + 70_000)).toEqual([
    { ...link, attemptIndex: 0, providerMessageId: "wa-1", providerMessageIds: [] },
    { ...link, attemptIndex: 1, providerMessageId: "vi-1", providerMessageIds: both },
    { ...link, attemptIndex: 1, providerMessageId: "vi-2", providerMessageIds: both },
  ]);
  expect(toLinks(entry, START + 72 * 3_600_000).map((one) => one.attemptIndex)).toEqual([1, 1]);
  expect(toLinks(entry, START + 80 * 3_600_000)).toEqual([]);
});

function listedAt(requestedAt: number) {
  return restoredAfter([sent(threeSteps)], { requestedAt }).indexed?.at;
}

function accepted(index: number, afterMs: number, ids: string[]) {
  return report(index, "ACCEPTED", afterMs, {
    providerMessageId: ids[0] ?? null,
    providerMessageIds: ids.length > 1 ? ids : [],
  });
}
