import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { samplesIn, selfSamples } from "#test/bench/budget/cpu-profile.ts";
import { toProfiled } from "#test/bench/budget/profiled.ts";
import { ownerOf, placeNames, stageNames, stageOf } from "#test/bench/budget/stages.ts";
import { commit, frame, idle, profile, root, sendCommand, stranger, write } from "./profile.ts";

const whole = samplesIn(profile, { from: 0, to: 2_000_000 });

test("a function's samples have the chain of its callers, itself first", () => {
  expect(selfSamples(profile, whole)).toContainEqual({
    chain: [write, sendCommand, commit, root],
    sampleCount: 2,
  });
});

test("samples before and after the window are left out", () => {
  // The samples are at 1,001,000 to 1,007,000.
  const some = samplesIn(profile, { from: 1_002_000, to: 1_003_000 });
  const selves = selfSamples(profile, some);
  expect(selves.map(({ chain, sampleCount }) => [chain[0], sampleCount])).toStrictEqual([
    [commit, 1],
    [write, 1],
  ]);
});

test("a stage has what its functions call, idleness is nobody's, what nobody knows is named", () => {
  expect(toProfiled(profile, whole)).toStrictEqual({
    stages: { commit: 4, other: 1 },
    others: [{ place: "far stranger/src/far.js", sampleCount: 1 }],
    // Of two turns of four and one, all ours.
    waits: { ms: 4, withoutOursMs: 0, clientsMs: 0 },
  });
});

test("the innermost stage counts, whatever called it", () => {
  const encode = frame("Type.encode", "file:///p/node_modules/avsc/lib/types.js");
  expect(stageOf([frame("writeJournalEntry"), encode, commit, root])).toBe("encode");
  const decode = frame("Type.decode", "file:///p/node_modules/avsc/lib/types.js");
  expect(stageOf([frame("readStep"), decode, commit, root])).toBe("decode");
});

test("a client that nobody called from a stage is its connection", () => {
  const tick = frame("processTicksAndRejections", "node:internal/process/task_queues");
  expect(stageOf([write, sendCommand, tick, root])).toBe("Redis' connection");
});

test("what Node does by itself is Node's, what a stranger makes it do is not", () => {
  const onread = frame("onStreamRead", "node:internal/stream_base_commons");
  expect(stageOf([frame("(program)"), root])).toBe("Node");
  expect(stageOf([onread, root])).toBe("Node");
  expect(stageOf([onread, stranger, root])).toBe("other");
  expect(stageOf([idle, root])).toBeNull();
});

test("a collection is no stage's, in whose midst it may have come", () => {
  const chain = [frame("(garbage collector)"), commit, root];
  expect(stageOf(chain)).toBe("garbage collection");
});

test("every stage has one name and an owner", () => {
  expect(new Set(stageNames).size).toBe(stageNames.length);
  expect(ownerOf("produce")).toBe("client");
  expect(ownerOf("Node")).toBe("node");
  expect(ownerOf("other")).toBe("ours");
});

test("every place of the table is there", () => {
  const base = join(import.meta.dirname, "../../../..");
  const packages = [
    "kafkajs",
    "@platformatic/kafka",
    "avsc",
    "ioredis",
    "prom-client",
    "fastify",
    "find-my-way",
    "fast-json-stringify",
    "undici",
  ];
  const folders = ["libs", "services", ...packages.map((name) => `node_modules/${name}`)];
  const files = folders.flatMap((folder) => {
    const names = readdirSync(join(base, folder), { recursive: true, encoding: "utf8" });
    return names.map((name) => `${folder}/${name}`);
  });
  const gone = placeNames.filter((place) => {
    const [file = ""] = place.split("#");
    return !files.some((each) => each.includes(file));
  });
  expect(gone).toStrictEqual([]);
});
