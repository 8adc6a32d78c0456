import * as fc from "fast-check";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { linkKey, waitingKeys } from "#libs/provider-ids/keys.ts";
import {
  connectProviderIds,
  LINK_KEEP_MS,
  type ProviderIds,
  type Waiting,
} from "#libs/provider-ids/provider-ids.ts";
import { emptyRedis, keysLike } from "#test/support/every-node.ts";
import { openOtherStores } from "#test/support/open-shards.ts";
import { startTestRedis } from "#test/support/test-redis.ts";

const log = pino({ level: "silent" });
const attempt = { messageId: "msg:1", attemptIndex: 2, providerMessageIds: [] };
const another = { messageId: "msg:2", attemptIndex: 0, providerMessageIds: [] };

let redis: Awaited<ReturnType<typeof startTestRedis>>;
let ids: ProviderIds;

beforeAll(async () => {
  redis = await startTestRedis(log);
  ids = await connectProviderIds({ redis });
});

beforeEach(async () => {
  await emptyRedis(redis);
  await openOtherStores(redis);
});

afterAll(async () => {
  await redis[Symbol.asyncDispose]();
});

function id(providerMessageId: string) {
  return { provider: "simulated", providerMessageId };
}

function report(providerMessageId: string, reportId: string) {
  return { ...id(providerMessageId), reportId, bytes: Buffer.from(reportId) };
}

/** Verdicts by reportId. */
async function join(
  ...reports: {
    provider: string;
    providerMessageId: string;
    reportId: string;
    bytes: Buffer | null;
  }[]
) {
  const { joined } = await ids.joinAll(reports);
  return Object.fromEntries(joined.map(({ report: { reportId }, verdict }) => [reportId, verdict]));
}

function texts(waiting: readonly Waiting[]): string[] {
  return waiting.map(({ bytes }) => bytes.toString()).toSorted();
}

it("joins a report to the attempt that its provider id was linked to", async () => {
  expect(await ids.linkAll([{ ...id("p1"), ...attempt }])).toEqual([]);
  expect(await join(report("p1", "r1"), report("p2", "r2"))).toEqual({ r1: attempt, r2: "waits" });
});

it("knows of every id of an attempt in parts which others there are", async () => {
  const parted = { ...attempt, messageId: "[odd", providerMessageIds: ["p1", "p2"] };
  await ids.linkAll(["p1", "p2"].map((name) => ({ ...id(name), ...parted })));
  expect(await join(report("p1", "r1"), report("p2", "r2"))).toEqual({ r1: parted, r2: parted });
});

it("keeps the ids of two providers apart", async () => {
  await ids.linkAll([{ ...id("p1"), ...attempt }]);
  expect(await join({ ...report("p1", "r1"), provider: "other" })).toEqual({ r1: "waits" });
});

describe("an id that has an attempt", () => {
  const link = { ...id("p1"), ...attempt };
  const claim = { ...id("p1"), ...another };

  it("stays with it, and whoever wants it learns of that", async () => {
    await ids.linkAll([link]);
    expect(await ids.linkAll([claim])).toEqual([{ link: claim, other: attempt }]);
    expect(await join(report("p1", "r1"))).toEqual({ r1: attempt });
  });

  it("may be linked to it again", async () => {
    await ids.linkAll([link]);
    expect(await ids.linkAll([link])).toEqual([]);
  });

  it("goes to another one where that is known to be over", async () => {
    await ids.linkAll([link]);
    expect(await ids.linkAll([{ ...claim, replaced: attempt }])).toEqual([]);
    expect(await join(report("p1", "r1"))).toEqual({ r1: another });
  });

  it("does not where somebody else has taken it meanwhile", async () => {
    await ids.linkAll([link]);
    const third = { ...another, messageId: "msg:3" };
    await ids.linkAll([{ ...id("p1"), ...third, replaced: attempt }]);
    const late = { ...claim, replaced: attempt };
    expect(await ids.linkAll([late])).toEqual([{ link: late, other: third }]);
  });
});

describe("a report whose id nobody knows", () => {
  it("waits, once however often it comes, until it is forgotten", async () => {
    await join(report("p1", "r1"), report("p1", "r2"), report("p1", "r1"));
    await join(report("p11", "r3"), report("p", "r4"));
    const waiting = await ids.findWaiting([id("p1")]);
    expect(texts(waiting)).toEqual(["r1", "r2"]);
    expect(texts(await ids.findWaiting([id("p1")]))).toEqual(["r1", "r2"]);
    expect(await ids.forget(waiting)).toHaveLength(2);
    expect(await ids.findWaiting([id("p1")])).toEqual([]);
    expect(texts(await ids.findWaiting([id("p11"), id("p")]))).toEqual(["r3", "r4"]);
  });

  it("is only looked up where it may not wait", async () => {
    expect(await join({ ...report("p1", "r1"), bytes: null })).toEqual({ r1: "unknown" });
    expect(await ids.findWaiting([id("p1")])).toEqual([]);
  });

  it("waits beside a hundred of its id and no more, but those again", async () => {
    const reports = Array.from({ length: 101 }, (_, i) => report("p1", `r${i}`));
    const verdicts = Object.values(await join(...reports));
    expect(verdicts.filter((one) => one === "waits")).toHaveLength(100);
    expect(verdicts.filter((one) => one === "full")).toHaveLength(1);
    expect(await join(report("p1", "r5"))).toEqual({ r5: "waits" });
  });

  it("is found and forgotten by one when its time has passed, with nothing left of it", async () => {
    const brief = await connectProviderIds({ redis, waitingKeepMs: 200 });
    await brief.joinAll([report("p1", "r1"), report("p2", "r2")]);
    expect(await brief.findExpired()).toEqual([]);
    const expired = await vi.waitFor(async () => {
      const found = await brief.findExpired();
      expect(texts(found)).toEqual(["r1", "r2"]);
      return found;
    }, 30_000);
    const [one, two] = await Promise.all([brief.forget(expired), brief.forget(expired)]);
    expect([...one, ...two].map(({ name }) => name).toSorted()).toEqual(
      expired.map(({ name }) => name).toSorted(),
    );
    const left = (await keysLike(redis, "*")).filter((key) => !key.endsWith(":open"));
    expect(left).toEqual([]);
  });
});

it("has room for so much and no more: the oldest go, and are named", async () => {
  const small = await connectProviderIds({ redis, waitingBytesMax: 16 * 5_000 });
  const names = Array.from({ length: 1_000 }, (_, i) => `p${i}`);
  const dropped: string[] = [];
  for (const name of names) {
    const gone = (await small.joinAll([report(name, "r")])).dropped;
    dropped.push(...gone.map((each) => each.name));
  }
  const left = await small.findWaiting(names.map(id));
  // Each weighs 502 to 517 bytes.
  expect(left.length).toBe(16 * 9);
  expect(dropped.length + left.length).toBe(1_000);
  expect(new Set([...dropped, ...left.map(({ name }) => name)]).size).toBe(1_000);
  expect(dropped).toContain("9:simulated:2:p0:r");
  expect(left.map(({ name }) => name)).toContain("9:simulated:4:p999:r");
});

it("gives each provider room of its own: another's reports push out none", async () => {
  const small = await connectProviderIds({ redis, waitingBytesMax: 16 * 5_000 });
  const early = { ...report("mine", "r"), provider: "twilio.mine" };
  await small.joinAll([early]);
  const flood = Array.from({ length: 1_000 }, (_, i) => report(`p${i}`, "r"));
  const { dropped } = await small.joinAll(flood);
  expect(dropped.length).toBeGreaterThan(0);
  expect(texts(await small.findWaiting([early]))).toEqual(["r"]);
});

it("drops as many as a large one needs, and weighs nothing once nothing waits", async () => {
  const small = await connectProviderIds({ redis, waitingBytesMax: 16 * 5_000 });
  const all = Array.from({ length: 300 }, (_, i) => report(`p${i}`, "r"));
  await small.joinAll(all);
  const large = { ...report("p0", "large"), bytes: Buffer.alloc(2_000, "x") };
  const { dropped } = await small.joinAll([large]);
  expect(dropped).toHaveLength(5);
  expect(
    await small.joinAll([{ ...large, reportId: "r2", bytes: Buffer.alloc(9_000) }]),
  ).toMatchObject({
    dropped: expect.arrayContaining([{ name: "9:simulated:2:p0:r2" }]),
  });
  await small.forget(await small.findWaiting(all));
  expect(await keysLike(redis, "*:waiting*")).toEqual([]);
});

it("gives so many providers room of their own, and one to all others: a flood of names shuts out nobody", async () => {
  // Of 290,000 bytes a shard 512 providers with a report each take some 260,000.
  const small = await connectProviderIds({ redis, waitingBytesMax: 16 * 290_000 });
  const flood = Array.from({ length: 10_000 }, (_, i) => {
    return { ...report("p", "r"), provider: `forged.${i}` };
  });
  const dropped: string[] = [];
  for (let at = 0; at < flood.length; at += 1_000) {
    const gone = (await small.joinAll(flood.slice(at, at + 1_000))).dropped;
    dropped.push(...gone.map(({ name }) => name));
  }
  const first = flood.slice(0, 4_000);
  expect(await small.findWaiting(first)).toHaveLength(4_000);
  expect(dropped.length).toBeGreaterThan(0);
  expect(dropped.every((name) => name.startsWith("00::"))).toBe(true);
  const mine = { ...report("p", "r"), provider: "twilio.mine" };
  const { joined } = await small.joinAll([mine, ...flood.slice(0, 1_000)]);
  expect(joined.every(({ verdict }) => verdict === "waits")).toBe(true);
  const [waiting] = await small.findWaiting([mine]);
  expect(waiting).toMatchObject({ name: "00::11:twilio.mine:1:p:r", bytes: mine.bytes });
  expect(await small.forget([waiting!])).toHaveLength(1);
  expect(await small.findWaiting([mine])).toEqual([]);
});

it("gives every link an end", async () => {
  await ids.linkAll([{ ...id("p2"), ...attempt }]);
  const leftMs = await redis.at(linkKey(id("p2"))).pttl(linkKey(id("p2")));
  expect(leftMs).toBeGreaterThan(LINK_KEEP_MS - 10_000);
  expect(leftMs).toBeLessThanOrEqual(LINK_KEEP_MS);
});

it("parks nothing of a batch in which a key has another type", async () => {
  for (let shard = 0; shard < 16; shard++) {
    const names = waitingKeys(shard)[1] ?? "";
    await redis.at(names).set(names, "text");
  }
  await expect(ids.joinAll([report("p1", "r1")])).rejects.toThrow(/WRONGTYPE/);
  expect(await keysLike(redis, "*:waiting")).toEqual([]);
});

function linked(messageId: string, attemptIndex: number) {
  return { ...attempt, messageId, attemptIndex };
}

it("answers for every item, over all shards and in batches of any size", async () => {
  const names = Array.from({ length: 5_000 }, (_, i) => `p${i}`);
  await ids.linkAll(names.map((name, i) => ({ ...id(name), ...linked(name, i) })));
  const verdicts = await join(...names.map((name) => report(name, name)));
  expect(verdicts).toEqual(Object.fromEntries(names.map((name, i) => [name, linked(name, i)])));
});

it("never lets a report fall between the link and the look at what waits, however they race", async () => {
  const step = fc.constantFrom("link" as const, "join" as const);
  const races = fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async (steps) => {
      await emptyRedis(redis);
      await openOtherStores(redis);
      const handled = new Set<string>();
      await Promise.all(
        steps.map(async (one, i) => {
          if (one === "link") {
            await ids.linkAll([{ ...id("p"), ...attempt }]);
            for (const text of texts(await ids.findWaiting([id("p")]))) handled.add(text);
          } else if ((await join(report("p", `r${i}`)))[`r${i}`] !== "waits") handled.add(`r${i}`);
        }),
      );
      const sent = steps.flatMap((one, i) => (one === "join" ? [`r${i}`] : []));
      return !steps.includes("link") || String([...handled].toSorted()) === String(sent.toSorted());
    }),
    { numRuns: 200 },
  );
  await expect(races).resolves.toBeUndefined();
});
