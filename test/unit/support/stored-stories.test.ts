// A story is told by the instants at which its events were stored first, also where Redis has lost some.
import { expect, it } from "vitest";
import type { StoryEvent } from "#libs/contracts/generated/types.ts";
import { noteTaken, withStory } from "#test/support/simulation/stored-stories.ts";

function story(...names: string[]): StoryEvent[] {
  return names.map((rule, at) => ({ at, type: "X", rule, attemptIndex: null }) as never);
}

function instants(...stored: [names: string[], now: number][]): number[] {
  const last = stored.reduce(
    (known: ReturnType<typeof withStory>, [names, now]) => withStory(known, story(...names), now),
    [],
  );
  return last.map(({ at }) => at);
}

it("keeps the first instant of what is lost and comes back", () => {
  expect(instants([["a"], 1], [["a", "b"], 2], [["a"], 3], [["a", "b", "c"], 4])).toEqual([
    1, 2, 4,
  ]);
});

it("begins anew where another event takes the place of one that was lost", () => {
  expect(instants([["a", "b", "c"], 1], [["a", "d"], 5])).toEqual([1, 5]);
});

it("knows in which version a request was taken, also where that was lost and is taken again", () => {
  const takenIn = new Map<string, number>();
  const taken = (...requestedIn: (number | null)[]) => {
    for (const version of requestedIn) noteTaken("m", version, takenIn);
    return takenIn.get("m");
  };
  expect(taken(null)).toBe(undefined);
  expect(taken(2, 3)).toBe(2);
  // All is lost, and the request comes before the cancel now; or that before it once more.
  expect(taken(1, 2)).toBe(1);
  expect(taken(null, 2)).toBe(2);
});
