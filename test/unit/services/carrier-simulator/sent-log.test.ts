import { expect, it } from "vitest";
import { sentLog } from "#services/carrier-simulator/sent-log.ts";
import { growthOf, LINEAR_GROWTH_MAX } from "#test/support/growth.ts";

const CALL_COUNT_MAX = 100_000;

const callOf = (index: number, text = "") => ({
  channel: "sms" as const,
  recipient: "+6591234567",
  sender: null,
  text,
  commandId: `m-${index}:0`,
  ttlSeconds: null,
  providerMessageId: null,
  receivedAt: index,
  finalAt: null,
});

it("keeps the newest calls", () => {
  const log = sentLog();
  for (let index = 0; index < CALL_COUNT_MAX + 2; index++) log.add(callOf(index));
  const receivedAt = log.list(undefined).map((call) => call.receivedAt);
  expect([receivedAt.length, receivedAt[0], receivedAt.at(-1)]).toEqual([
    CALL_COUNT_MAX,
    2,
    CALL_COUNT_MAX + 1,
  ]);
  expect(log.findLast("sms", "m-1:0")).toBeUndefined();
  expect(log.findLast("sms", "m-2:0")).toMatchObject({ receivedAt: 2 });
});

it("keeps fewer of long texts", () => {
  const log = sentLog();
  for (let index = 0; index < 40; index++) log.add(callOf(index, "x".repeat(1024 * 1024)));
  expect(log.list("6591234567").map(({ receivedAt }) => receivedAt)[0]).toBe(8);
});

it("notes a call in the same time however many were dropped before it", async () => {
  const log = sentLog();
  let index = 0;
  const add = (count: number) => {
    for (const end = index + count; index < end; index++) log.add(callOf(index));
  };
  add(CALL_COUNT_MAX);
  expect(await growthOf(add, 5_000)).toBeLessThan(LINEAR_GROWTH_MAX);
});
