import { expect, test } from "vitest";
import { waitsOf } from "#test/bench/budget/waits.ts";

/** So many samples in which nothing was done. */
const idle = (count: number) => Array<null>(count).fill(null);
const ours = (count: number) => Array<"ours">(count).fill("ours");
const node = (count: number) => Array<"node">(count).fill("node");

test("one in a hundred comes so early in a long turn that it waits for the rest of it", () => {
  // Of 1,000 samples the first 10 of the turn are the hundredth part: behind the tenth 20 are left.
  expect(waitsOf([...idle(970), ...ours(30)]).ms).toBe(20);
});

test("turns with a pause between them are not one", () => {
  const turns = Array.from({ length: 30 }, () => [...ours(1), ...idle(1)]).flat();
  expect(waitsOf([...turns, ...idle(940)]).ms).toBe(1);
});

test("a thread that is busy for less than a hundredth of the time makes one in a hundred wait for nothing", () => {
  expect(waitsOf([...idle(991), ...ours(9)]).ms).toBe(0);
  expect(waitsOf([]).ms).toBe(0);
});

test("without what is ours, or Node's, a turn is shorter", () => {
  const turn = [...ours(10), ...node(10), ...ours(10), ...Array<"client">(5).fill("client")];
  const waits = waitsOf([...idle(1_000 - turn.length), ...turn]);
  expect(waits).toStrictEqual({ ms: 25, withoutOursMs: 5, clientsMs: 0 });
});

test("a turn goes on up to the end", () => {
  expect(waitsOf(node(100)).ms).toBe(99);
});
