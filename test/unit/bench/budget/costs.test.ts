import { expect, test } from "vitest";
import type { ProcessBudget } from "#test/bench/budget/budget.ts";
import { bytesOf, costsOf, inOrder, ownedUs, totalUs } from "#test/bench/budget/costs.ts";
import { load, service } from "./profile.ts";

test("stages share the main thread's CPU as its samples, and other threads have their own", () => {
  expect(costsOf(service, 10_000)).toStrictEqual([
    { name: "decode", owner: "client", us: 15 },
    { name: "decide", owner: "ours", us: 10 },
    { name: "garbage collection", owner: "node", us: 5 },
    { name: "threads of V8", owner: "node", us: 2 },
  ]);
});

test("costs add up to all threads' CPU", () => {
  const costs = costsOf(service, 10_000);
  expect(totalUs(service, 10_000)).toBe(32);
  expect((["client", "node", "ours"] as const).map((owner) => ownedUs(costs, owner))).toStrictEqual(
    [15, 7, 10],
  );
});

test("a process without a profile is told by its threads, the busiest first", () => {
  const { broker } = load.processes;
  expect(costsOf(broker!, 10_000).map(({ name, us }) => [name, us])).toStrictEqual([
    ["thread main", 5],
    ["thread data-plane-kafk", 3],
  ]);
});

test("several processes' costs come in the order of a record's way", () => {
  const names = ["thread a", "ack", "decode", "fetch"];
  const costs = names.map((name) => ({ name, owner: "ours" as const, us: 1 }));
  expect(inOrder(costs).map(({ name }) => name)).toStrictEqual([
    "fetch",
    "decode",
    "ack",
    "thread a",
  ]);
});

test("bytes are those of a process' own topics, as stored and as they were before", () => {
  expect(bytesOf(service, load)).toStrictEqual({
    fetch: 30,
    decompress: 160,
    compress: 1_200,
    produce: 160,
  });
});

test("of a topic that two write each has as many records as transitions, and a reader has all", () => {
  const half: ProcessBudget = { ...service, transitionCount: 5_000 };
  const reader: ProcessBudget = { ...service, reads: ["journal"], writes: [] };
  const shared = { ...load, processes: { one: service, half, reader } };
  expect(bytesOf(half, shared).produce).toBe(40);
  expect(bytesOf(reader, shared).fetch).toBe(160);
});
