import { beforeEach, expect, it } from "vitest";
import { type ConsumerHealth, consumerHealth } from "#libs/kafka/consumer-health.ts";

let now: number;
let health: ConsumerHealth;

beforeEach(() => {
  now = 1_000_000;
  health = consumerHealth({ now: () => now });
});

it("is well while nothing waits, and while what waits moves", () => {
  expect(health.reasons()).toEqual([]);
  for (let round = 0; round < 10; round++) {
    health.waitingAt(new Set(["requests/0"]));
    now += 5_000;
    health.moves("requests/0");
  }
  expect(health.reasons()).toEqual([]);
});

it("names a partition that stands still, how long and why, until it moves", () => {
  health.waits("requests/0", "Redis is away");
  now += 14_000;
  expect(health.reasons()).toEqual([]);
  now += 6_000;
  health.waitingAt(new Set(["requests/0"]));
  expect(health.reasons()).toEqual([
    "requests/0 stands still with waiting records for 20 s: Redis is away",
  ]);
  health.moves("requests/0");
  expect(health.reasons()).toEqual([]);
});

it("notices a standstill of which nobody has told", () => {
  health.waitingAt(new Set(["requests/0", "requests/1"]));
  now += 15_000;
  health.moves("requests/1");
  health.waitingAt(new Set(["requests/0", "requests/1"]));
  expect(health.reasons()).toEqual([
    "requests/0 stands still with waiting records for 15 s: nobody knows why",
  ]);
});

it("forgets partitions in which nothing waits, such as those that others have taken over", () => {
  health.waits("requests/0", "Redis is away");
  now += 60_000;
  health.waitingAt(new Set());
  expect(health.reasons()).toEqual([]);
});

it("tells of dead letters for a minute after the last one", () => {
  health.buried("requests/0", { count: 2, reason: "odd bytes" });
  now += 59_000;
  expect(health.reasons()).toEqual([
    "2 records of requests/0 became dead letters, such as: odd bytes",
  ]);
  now += 2_000;
  expect(health.reasons()).toEqual([]);
});

it("tells of records that were deleted unread for ten minutes", () => {
  health.lost("requests/3");
  now += 599_000;
  expect(health.reasons()).toHaveLength(1);
  now += 2_000;
  expect(health.reasons()).toEqual([]);
});

it("tells of a partition that stands still as long as it is its own", () => {
  let isMine = true;
  const own = consumerHealth({ isMine: () => isMine });
  own.stopped({ topic: "requests", partition: 3 }, "takers");
  expect(own.reasons()).toEqual([expect.stringContaining("records of requests/3 were deleted")]);
  expect(own.isStopped("requests/3")).toBe(true);
  isMine = false;
  expect(own.reasons()).toEqual([]);
});

it("tells when Kafka cannot say what waits", () => {
  health.isBlind("no broker");
  now += 10_000;
  health.isBlind("no broker yet");
  now += 6_000;
  expect(health.reasons()).toEqual(["Kafka does not say what waits: no broker yet"]);
  health.waitingAt(new Set());
  expect(health.reasons()).toEqual([]);
});
