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
      ...consumer.profile!,
      stages: { decode: 3, other: 1 },
      others: [{ place: "far stranger/far.js", sampleCount: 1 }],
    };
    const processes = { consumer: { ...consumer, profile } };
    expect(page([], {}, [{ ...load, processes }])).toContain(
      "Of what has no stage: `far stranger/far.js` 25.0 %.",
    );
  });

  test("say when others used the machine, and during which load", () => {
    expect(text).toContain("Nobody else used the machine.");
    const noisy = page([], {}, [load, { ...load, title: "noisy one", foreignCores: 1.2 }]);
    expect(noisy).toContain("**NOISY**: others used the machine during 1 of 2 loads");
    expect(noisy).toMatch(/## noisy one[^#]*others kept 1\.20 cores busy/);
    expect(noisy).not.toMatch(/## take all[^#]*cores busy/);
  });

  test("say how fast it went, or at which rate, or neither", () => {
    expect(text).toContain("10,000 times; 15,000 a second, 14,000 while it was profiled.");
    const steady = { ...load, perSecond: 400, profiledPerSecond: null };
    expect(page([], {}, [steady])).toContain("10,000 times at 400 a second.");
    expect(page([], {}, [{ ...steady, perSecond: null }])).toContain("10,000 times.");
    const apart = { ...load, profiledPerSecond: 9_000 };
    expect(page([], {}, [apart])).toContain("profiled, so one of both runs was no usual one.");
  });

  test("leave topics out where a load has none", () => {
    expect(page([], {}, [{ ...load, topics: {} }])).not.toContain("### Topics");
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
      /\*\*many\*\*: it asks for 100,000 a second, so 10 us of a core.*45,455 a second would be the most, and 66,667.*0\.667 of what is asked for, so the goal needs cheaper clients\. On a core beside: broker, redis with 8 us for each, which allows 125,000/,
    );
  });

  test("of a rate that the clients allow, and Node does not", () => {
    expect(page([{ ...rate, atLeast: 3 }], rates(10_000))).toContain(
      "so the goal needs Node's part to cost less.",
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
      /20 us for each message\. It is broker 8, redis 0, the clients in our services 15, Node itself 7, and what is ours 10 \(decide 10\)\..*30 us would be left, and 23 if Node itself cost nothing either: 1\.15 of what is asked for, so the goal needs cheaper clients and servers/,
    );
  });

  test("of memory: what there is beside a state, and how large that is", () => {
    const goal = { what: "small", scenario: "take", figure: "redisBytes", atMost: 400 };
    const round = { take: { ours: sample({ redisBytes: 700, contentBytes: 100 }) } };
    const topics = { "message-journal": { ...load.topics["journal"]!, valueBytes: 500 } };
    expect(page([goal], round, [{ ...load, topics }])).toMatch(
      /a timer takes 110, a place in an account's list 110, and the key of a state, without it, 80: 300 together.*has 500; without the content, which is not counted, 400\. So not before a state without content is 0\.25 of what it is/,
    );
    const larger = page([{ ...goal, atMost: 699 }], round, [{ ...load, topics }]);
    expect(larger).toContain("So not before a state without content is 0.998 of what it is");
    const largest = { "message-journal": { ...load.topics["journal"]!, valueBytes: 150 } };
    expect(page([goal], round, [{ ...load, topics: largest }])).toContain("only Redis' tables");
    const messageBytes = { key: 150, timer: 150, listed: 150 };
    expect(page([goal], round, [{ ...load, topics, messageBytes }])).toContain("all three");
    const closed = page([goal], round, [{ ...load, topics, messageBytes: null }]);
    expect(closed).toContain("asks for 400 bytes. No message was left open there");
  });

  test("of what servers beside do not allow: that, too", () => {
    const broker = { ...load.processes["broker"]!, threads: { main: 200 } };
    const busy = { ...load, processes: { ...load.processes, broker } };
    const goals = [{ ...rate, atLeast: 3 }];
    expect(page(goals, rates(10_000), [busy])).toContain(
      "allows 50,000 a second, less than is asked for, too.",
    );
    expect(page(goals, rates(10_000))).not.toContain("less than is asked for, too");
  });

  test("of a latency: how full the core is, and for how long whoever comes finds it busy", () => {
    const goal = { scenario: "http", figure: "p99Ms" };
    const round = { http: { ours: sample({ p99Ms: 16 }), bare: sample({ p99Ms: 2.5 }) } };
    const steady = { ...load, scenario: "http", figures: ["p99Ms"], event: "send" };
    const hops = { claim: 5, tick: 4, decide: 8 };
    const loads = [{ ...steady, perSecond: 4_000, profiledPerSecond: null, hops }];
    const goals = [
      { ...goal, what: "late", atMost: 10 },
      { ...goal, what: "later than bare", peer: "bare", atMost: 2 },
    ];
    // Goals of which the same is said share it.
    expect(page(goals, round, loads)).toMatch(
      /\*\*late \(asks for 10\); later than bare \(asks for 5\)\*\*: at 4,000 sends a second our services take 32 us for each, 13 % of a core:.*If all that is ours cost nothing, 9 % would be busy, and 6 % if Node itself cost nothing either.*finds consumer busy for 16 ms more \(12 without ours, 3 without Node, too\)\. Together that is 16 of the 16 ms that were measured, and 12 without ours\. They also wait for each other's core: ready to run and without one were consumer 10 % of the time\. One in a hundred takes 5 ms until it is claimed, 4 ms from there until its tick is on Kafka, 8 ms from there until it is decided\..*has 2\.5\./,
    );
  });

  test("of cores that an idle process takes: what would be left, without its servers", () => {
    const goal = { what: "idle", scenario: "idle", figure: "cores", system: "npm start" };
    const round = { idle: { "npm start": sample({ cores: 0.000_032 }) } };
    const calm = { ...load, scenario: "idle", system: "npm start", figures: ["cores"] };
    // 32 us a second: 15 the clients', 7 Node's, 10 ours.
    const said = (atMost: number) => page([{ ...goal, atMost }], round, [calm]);
    expect(said(0.000_02)).toMatch(
      /it asks for 20 us of each second\. Node takes 32: the clients 15, Node itself 7, and what is ours 10.*22 us would be left, and 15 .*: the goal needs Node's part to cost less/,
    );
    expect(said(0.000_025)).toContain("what is ours is the limit");
    expect(said(0.000_01)).toContain("the goal needs cheaper clients");
  });

  test("of a load that others disturbed: that they did", () => {
    const goals = [{ ...rate, atLeast: 3 }];
    const noisy = { ...load, foreignCores: 1 };
    expect(page(goals, rates(10_000), [noisy])).toContain("Others used the machine meanwhile");
    expect(page(goals, rates(10_000))).not.toContain("Others used the machine meanwhile");
  });

  test("of what no load shows: that there is none", () => {
    const goal = { what: "idle", scenario: "idle", figure: "cores", atMost: 0 };
    const round = { idle: { ours: sample({ cores: 1 }) } };
    expect(page([goal], round)).toContain("- Of no load above: idle.");
  });
});
