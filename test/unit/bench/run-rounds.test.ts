import { expect, test } from "vitest";
import type { Bench } from "#test/bench/bench.ts";
import type { Round } from "#test/bench/figures/results.ts";
import { FULL } from "#test/bench/plan.ts";
import { runRounds } from "#test/bench/run-rounds.ts";
import type { Scenario } from "#test/bench/scenarios/scenario.ts";
import { sample } from "./figures/rounds.ts";

const progress = { say: () => undefined, update: () => undefined };
const bench = { plan: { ...FULL, roundCount: 3 } } as Bench;

/** Measures systems that note when their turn came. */
function noting(turns: string[], names: readonly string[]): Scenario {
  const systems = names.map((name) => {
    const run = async () => {
      turns.push(name);
      return name === "absent" ? null : sample({ perSecond: turns.length });
    };
    return [name, run] as const;
  });
  return { name: "take", title: "take", event: "message", systems: Object.fromEntries(systems) };
}

test("systems are measured in turn, every other round the other way around", async () => {
  const turns: string[] = [];
  const rounds = await runRounds(bench, {
    scenarios: [noting(turns, ["ours", "peer"])],
    progress,
    keep: async () => undefined,
    signal: new AbortController().signal,
  });
  expect(turns.join()).toBe("ours,peer,peer,ours,ours,peer");
  expect(rounds.map((round) => round["take"]?.["peer"]?.figures["perSecond"])).toStrictEqual([
    2, 3, 6,
  ]);
});

test("a system that this machine cannot run is in no round", async () => {
  const rounds = await runRounds(bench, {
    scenarios: [noting([], ["ours", "absent"])],
    progress,
    keep: async () => undefined,
    signal: new AbortController().signal,
  });
  expect(Object.keys(rounds[0]?.["take"] ?? {})).toStrictEqual(["ours"]);
});

test("what is measured is kept after each round, also where a later one is broken off", async () => {
  const kept: Round[] = [];
  const stopping = new AbortController();
  const running = runRounds(bench, {
    scenarios: [noting([], ["ours"])],
    progress,
    keep: async (rounds) => {
      kept.splice(0, kept.length, ...rounds);
      if (rounds.length === 2) stopping.abort();
    },
    signal: stopping.signal,
  });
  await expect(running).rejects.toThrow("aborted");
  expect(kept).toHaveLength(2);
});
