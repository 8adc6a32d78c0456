import { describe, expect, test } from "vitest";
import { budgetPage } from "#test/bench/budget/budget-page.ts";
import type { Goal } from "#test/bench/figures/goals.ts";
import type { Results, Round } from "#test/bench/figures/results.ts";
import { sample } from "../figures/rounds.ts";
import { load } from "./profile.ts";

const at = "2026-11-30T10:00:00.000Z";
const machine = { cores: 2, model: "one", node: "v24", pinned: { servers: "0", measured: "1" } };

function page(goals: readonly Goal[], round: Round, loads = [load]): string {
  const results: Results = {
    at,
    machine,
    plan: { timersPerSecond: 2_000 },
    rounds: [round, round, round],
  };
  return budgetPage({ at, machine, loads }, { goals, results });
}

describe("the tables", () => {
  const text = page([], {});

  test("have each stage of all processes, with its share of everything and its bytes", () => {
    expect(text).toContain("| decode | client | 15 | 15 | 37.5 % |  |");
    expect(text).toContain("| broker |  |  | 8 | 20.0 % |  |");
    expect(text).toContain("| redis |  |  | 0 | 0.0 % | 1,500 |");
    expect(text).toContain("| all |  | 32 | 40 | 100 % |  |");
  });

  test("have a service's stages by its transitions", () => {
    expect(text).toContain("Transitions per message: 2.");
    expect(text).toContain("| decode | client | 7.5 | 46.9 % |  |");
  });

  test("divide by events where nothing is stored", () => {
    const consumer = { ...load.processes["consumer"]!, transitionCount: null };
    const other = page([], {}, [{ ...load, processes: { consumer } }]);
    expect(other).toContain("It stores no transition.");
    expect(other).toContain("us per message | share | bytes per message");
  });

  test("have Redis' commands that take anything, and every topic", () => {
    expect(text).toContain("| evalsha | 0.01 | 5 |");
    expect(text).not.toContain("| ping |");
    expect(text).toContain("1,000 bytes to it and 500 from it per message");
    expect(text).toContain("| journal | 2 | 600 | 80 | 160 |");
  });

  test("name what has no stage", () => {
    const consumer = load.processes["consumer"]!;
    const profile = {
      stages: { decode: 3, other: 1 },
      others: [{ place: "far stranger/far.js", sampleCount: 1 }],
    };
    const processes = { consumer: { ...consumer, profile } };
    expect(page([], {}, [{ ...load, processes }])).toContain(
      "Of what has no stage: `far stranger/far.js` 25.0 %.",
    );
  });

  test("say when others used the machine", () => {
    expect(text).toContain("Nobody else used the machine.");
    expect(page([], {}, [{ ...load, foreignCores: 1.2 }])).toContain("**NOISY**");
  });
});

/** The peer's is 20,000. */
function rates(ours: number): Round {
  return { take: { ours: sample({ perSecond: ours }), bullmq: sample({ perSecond: 20_000 }) } };
}

describe("what follows for a goal that is missed", () => {
  const rate = { what: "many", scenario: "take", figure: "perSecond", peer: "bullmq" };

  test("is nothing where all are reached", () => {
    expect(page([{ ...rate, atLeast: 1 }], rates(30_000))).not.toContain("What follows");
  });

  test("of a rate beyond what the clients alone allow: that they would have to cost less", () => {
    // 15 us of the clients' allow 66,667 a second, 22 with Node's 45,455; 100,000 are asked for.
    expect(page([{ ...rate, atLeast: 5 }], rates(10_000))).toMatch(
      /\*\*many\*\*: it asks for 100,000 a second, so 10 us of a core.*45,455 a second would be the most, and 66,667.*0\.667 of what is asked for, so not before the clients cost less\. On a core beside: broker, redis with 8 us for each, which allows 125,000/,
    );
  });

  test("of a rate that the clients allow, and Node does not", () => {
    expect(page([{ ...rate, atLeast: 3 }], rates(10_000))).toContain(
      "not before Node's part costs less",
    );
  });

  test("of a rate that both allow: that ours is the limit, and of what", () => {
    expect(page([{ ...rate, atLeast: 2 }], rates(10_000))).toMatch(
      /10 in what is ours \(decide 10\).*so what is ours is the limit\./,
    );
  });

  test("names what kafkajs does that decides nothing", () => {
    const round = { take: { ...rates(1)["take"], "pass-through": sample({ perSecond: 57_000 }) } };
    expect(page([{ ...rate, atLeast: 2 }], round)).toContain("does 57,000.");
  });

  test("of CPU: what would be left of it without ours", () => {
    const goal = { what: "CPU", scenario: "take", figure: "cpuUs", peer: "jvm", atMost: 1 };
    const round = { take: { ours: sample({ cpuUs: 40 }), jvm: sample({ cpuUs: 20 }) } };
    // Broker 8, clients 15, Node 7.
    expect(page([goal], round)).toMatch(
      /20 us for each message\. It is broker 8, redis 0, the clients in our services 15, Node itself 7, and what is ours 10 \(decide 10\)\..*30 us would be left, and 23 if Node itself did not, either: 1\.15 of what is asked for, so not before clients and servers cost less/,
    );
  });

  test("of memory: how large the state is", () => {
    const goal = { what: "small", scenario: "take", figure: "redisBytes", atMost: 400 };
    const round = { take: { ours: sample({ redisBytes: 700, contentBytes: 100 }) } };
    const topics = { "message-journal": { ...load.topics["journal"]!, valueBytes: 500 } };
    expect(page([goal], round, [{ ...load, topics }])).toMatch(
      /has 500; without the content, which is not\n? ?counted, 400: 1 of what is asked for/,
    );
  });

  test("of lateness: how much of a core the timers take; goals of which the same is said share it", () => {
    const goal = { scenario: "lateness", figure: "p99Ms", atMost: 20 };
    const cpuUs = { consumer: 400, broker: 100 };
    const round = { lateness: { ours: { ...sample({ p99Ms: 300 }), cpuUs } } };
    expect(
      page(
        [goal, goal].map((each, n) => ({ ...each, what: `late ${n}` })),
        round,
      ),
    ).toContain(
      "**late 0; late 1**: at 2,000 timers a second our services take 400 us for each, which is 80 % of a core",
    );
  });

  test("of what no load shows: that there is none", () => {
    const goal = { what: "idle", scenario: "idle", figure: "cores", atMost: 0 };
    const round = { idle: { ours: sample({ cores: 1 }) } };
    expect(page([goal], round)).toContain("- Of no load above: idle.");
  });
});
