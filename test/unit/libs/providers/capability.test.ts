// Whether a person can be reached is asked once in a while, and holds nobody up.
import { expect, it } from "vitest";
import { capabilities } from "#libs/providers/capability.ts";
import type { Capability } from "#libs/providers/provider-adapter.ts";

function asking(answer: () => Promise<Capability>) {
  const asked: string[] = [];
  const clock = { now: 0 };
  const known = capabilities(
    (person) => {
      asked.push(person);
      return answer();
    },
    () => clock.now,
  );
  return { asked, clock, known };
}

it("is asked once by all who want to know it within a minute, and then again", async () => {
  const { asked, clock, known } = asking(async () => "cannot");
  expect(await Promise.all([known.of("+1"), known.of("+1")])).toEqual(["cannot", "cannot"]);
  clock.now = 59_999;
  expect(await known.of("+1")).toBe("cannot");
  expect(asked).toEqual(["+1"]);
  clock.now = 60_000;
  await known.of("+1");
  expect(asked).toEqual(["+1", "+1"]);
});

it("is unknown where the question fails, and nobody is asked for ten seconds", async () => {
  const { asked, clock, known } = asking(() => Promise.reject(new Error("down")));
  expect(await known.of("+1")).toBe("unknown");
  expect(await known.of("+2")).toBe("unknown");
  expect(asked).toEqual(["+1"]);
  clock.now = 10_000;
  await known.of("+1");
  expect(asked).toEqual(["+1", "+1"]);
});

it("is not asked of whom a message has told", async () => {
  const { asked, known } = asking(async () => "can");
  known.note("+1", "cannot");
  expect(await known.of("+1")).toBe("cannot");
  expect(asked).toEqual([]);
});

it("is kept of ten thousand people, the newest", async () => {
  const { asked, known } = asking(async () => "can");
  const people = Array.from({ length: 10_001 }, (_each, index) => `+${index}`);
  for (const person of people) await known.of(person);
  await known.of("+10000");
  expect(asked).toHaveLength(10_001);
  await known.of("+0");
  expect(asked).toHaveLength(10_002);
});
