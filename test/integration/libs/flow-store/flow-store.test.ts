import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ConfigError } from "#libs/config/read-env.ts";
import { RetriableError } from "#libs/errors.ts";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import type { Epoch } from "#libs/flow-store/epoch.ts";
import { messageKeys, shardKeys } from "#libs/flow-store/keys.ts";
import type { ClaimResult, FlowStore, Transition } from "#libs/flow-store/ports.ts";
import { emptyRedis, keysLike } from "#test/support/every-node.ts";
import { AT_ANY_TIME, openShards } from "#test/support/open-shards.ts";
import { startTestRedis } from "#test/support/test-redis.ts";

const SHARD = 7;
const log = pino({ level: "silent" });

let redis: Awaited<ReturnType<typeof startTestRedis>>;
let store: FlowStore;
let epoch: Epoch;
/** Who has the shard. */
const here = () => redis.at(shardKeys(SHARD).epoch);

beforeAll(async () => {
  redis = await startTestRedis(log);
});

beforeEach(async () => {
  await emptyRedis(redis);
  store = await connectFlowStore(redis, { shardCount: 16, log });
  epoch = (await openShards(store))[SHARD]!;
});

afterAll(async () => {
  await redis[Symbol.asyncDispose]();
});

describe("what is refused", () => {
  it.each([
    ["first state", messageKeys(SHARD, ["a"])[0]!],
    ["last state", messageKeys(SHARD, ["c"])[0]!],
  ])("commits nothing when the %s has another type", async (_name, key) => {
    await redis.at(key).del(key);
    await redis.at(key).hset(key, "field", "value");
    const before = await dump();
    await expect(store.commit(epoch, [opening("a"), opening("b"), opening("c")])).rejects.toThrow(
      /WRONGTYPE/,
    );
    expect(await dump()).toEqual(before);
  });

  it.each([
    ["a due time that is not whole", { dueAt: 12.5 }],
    ["a due time that is no number", { dueAt: Number.NaN }],
    ["an endless due time", { dueAt: Number.POSITIVE_INFINITY }],
    ["a negative due time", { dueAt: -1 }],
    ["a state kept for no time", { keepMs: 0 }],
    ["a state kept longer than Redis can count", { keepMs: 1e20 }],
  ])("commits nothing with %s, although the others are well", async (_name, fault) => {
    const before = await dump();
    await expect(
      store.commit(epoch, [opening("a"), { ...opening("b"), ...fault }]),
    ).rejects.toThrow(/is not|above/);
    expect(await dump()).toEqual(before);
  });

  it("commits nothing over a state that has no version", async () => {
    await here().set(messageKeys(SHARD, ["a"])[0]!, "abc");
    await expect(store.commit(epoch, [opening("b"), opening("a")])).rejects.toThrow(
      /data string too short/,
    );
    expect(await here().exists(messageKeys(SHARD, ["b"])[0]!)).toBe(0);
  });

  it("refuses a batch that is empty, too large or names a message twice", async () => {
    const many = Array.from({ length: 513 }, (_, i) => opening(`m${i}`));
    for (const batch of [[], many, [opening("a"), opening("a")]]) {
      await expect(store.commit(epoch, batch)).rejects.toThrow(RangeError);
    }
  });

  it("does not acknowledge when a state has another type", async () => {
    const { entryId } = await store.commit(epoch, [opening("a")]);
    await here().del(messageKeys(SHARD, ["a"])[0]!);
    await here().hset(messageKeys(SHARD, ["a"])[0]!, "field", "value");
    const before = await dump();
    await expect(store.ack(epoch, entryId!, [{ messageId: "a", version: 1 }])).rejects.toThrow(
      /WRONGTYPE/,
    );
    expect(await dump()).toEqual(before);
  });

  it("refuses to start with another number of shards", async () => {
    const start = connectFlowStore(redis, { shardCount: 8, log });
    await expect(start).rejects.toThrow(ConfigError);
    await expect(start).rejects.toThrow(
      /SHARD_COUNT is 8, but this Redis was set up with 16 shards/,
    );
  });

  it("knows no shard outside 0 to N - 1", async () => {
    await expect(store.load(16, ["a"])).rejects.toThrow(RangeError);
  });
});

describe("what is kept", () => {
  it("takes the largest batch whole", async () => {
    const batch = Array.from({ length: 512 }, (_, i) => opening(`m${i}`));
    const { conflicts, counter } = await store.commit(epoch, batch);
    expect({ conflicts, counter }).toEqual({ conflicts: [], counter: 1 });
    const [entry] = await entriesOf({ countMax: 10, minAgeMs: 0 });
    expect(entry).toMatchObject({ messages: { length: 512 } });
    expect((await claimAll()).due).toHaveLength(512);
  });

  it("keeps an ended message for the time asked, and an open one for ever", async () => {
    const key = messageKeys(SHARD, ["a"])[0]!;
    await store.commit(epoch, [{ ...opening("a"), keepMs: 60_000, dueAt: null }]);
    expect(await redis.at(key).pttl(key)).toBeGreaterThan(50_000);
    await store.commit(epoch, [{ ...opening("a"), expectedVersion: 1 }]);
    expect(await redis.at(key).pttl(key)).toBe(-1);
  });

  it("writes nothing of a transition that comes after its instant, and the others", async () => {
    const { nowMs } = await store.load(SHARD, []);
    const late = { ...opening("late"), storeBy: nowMs - 1 };
    const batch = [late, opening("in time")];
    const committed = await store.commit(epoch, batch);
    expect(committed).toMatchObject({ conflicts: ["late"], counter: 1, lateCount: 1 });
    expect(await store.commit(epoch, batch.slice(1))).toMatchObject({ lateCount: 0 });
    const { messages } = await store.load(SHARD, ["late", "in time"]);
    expect(messages.map(({ version }) => version)).toEqual([0, 1]);
    expect(idsOf(await claimAll())).toEqual(["in time"]);
  });

  it("acknowledges an entry whose message has expired", async () => {
    const { entryId } = await store.commit(epoch, [{ ...opening("a"), keepMs: 1, dueAt: null }]);
    await expect.poll(() => here().exists(messageKeys(SHARD, ["a"])[0]!)).toBe(0);
    expect(await store.ack(epoch, entryId!, [{ messageId: "a", version: 1 }])).toEqual({
      newer: [],
      counter: 1,
    });
    expect(await entriesOf({ countMax: 10, minAgeMs: 0 })).toEqual([]);
  });

  it("names a newer state even if another process has acknowledged the entry before", async () => {
    const published = [{ messageId: "a", version: 1 }];
    const { entryId } = await store.commit(epoch, [opening("a")]);
    expect(await store.ack(epoch, entryId!, published)).toEqual({ newer: [], counter: 1 });
    await store.commit(epoch, [{ ...opening("a"), expectedVersion: 1, state: Buffer.from("2nd") }]);
    expect(await store.ack(epoch, entryId!, published)).toEqual({
      newer: [{ messageId: "a", version: 2, state: Buffer.from("2nd") }],
      counter: 2,
    });
  });

  it("tells an entry's age by the clock of Redis", async () => {
    await store.commit(epoch, [opening("a")]);
    await expect
      .poll(async () => (await entriesOf({ countMax: 1, minAgeMs: 0 }))[0]!.ageMs)
      .toBeGreaterThan(20);
  });

  it("tells an entry's age although Redis' clock was ahead once: ids of a stream never go back", async () => {
    const { outbox } = shardKeys(SHARD);
    const ghost = await redis.at(outbox).xadd(outbox, `${Date.now() + 3_600_000}-0`, "a", "b");
    await redis.at(outbox).xdel(outbox, ghost!);
    const { entryId } = await store.commit(epoch, [opening("a")]);
    expect(Number.parseInt(entryId!, 10)).toBeGreaterThan(Date.now() + 3_000_000);
    await expect
      .poll(() => entriesOf({ countMax: 16, minAgeMs: 50 }))
      .toMatchObject([{ entryId, ageMs: expect.any(Number) }]);
  });

  it("counts an entry from the future as old", async () => {
    const fields = ["counter", "1", "versions", Buffer.from([0, 0, 0, 1]), "a", "outbox"];
    await here().xadd(shardKeys(SHARD).outbox, `${Date.now() + 3_600_000}-0`, ...fields);
    const [entry] = await entriesOf({ countMax: 16, minAgeMs: 5_000 });
    expect(entry).toMatchObject({ ageMs: Infinity, counter: 1 });
  });

  it("tells of an entry that nobody can read, beside those that can be read", async () => {
    const { outbox } = shardKeys(SHARD);
    const odd = await redis.at(outbox).xadd(outbox, "*", "counter", "x", "versions", "", "a", "b");
    const { entryId } = await store.commit(epoch, [opening("a")]);
    const entries = await entriesOf({ countMax: 16, minAgeMs: 0 });
    const fault = { entryId: odd, fault: expect.any(String), bytes: expect.any(Buffer) };
    expect(entries).toMatchObject([fault, { entryId, messages: [{ messageId: "a" }] }]);
    await store.ack(epoch, odd!, []);
    expect(await entriesOf({ countMax: 16, minAgeMs: 0 })).toMatchObject([{ entryId }]);
  });

  it("tells whose entries are left, of however many, and of none that came later", async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `m${index}`);
    const entryIds = new Map<string, string>();
    for (const messageId of ids) {
      const { entryId } = await store.commit(epoch, [{ ...opening("a"), messageId }]);
      entryIds.set(messageId, entryId!);
    }
    const read = await store.read(SHARD, ids);
    await here().xadd(shardKeys(SHARD).outbox, "*", "counter", "x", "versions", "", "m3", "b");
    await store.commit(epoch, [{ ...opening("a"), messageId: "later" }]);
    const asked = ["m0", "m7", "m19", "later", "counter", "outbox"];
    const heldOf = (...held: string[]) => new Map(held.map((id) => [id, entryIds.get(id)!]));
    expect(await store.unpublished(read, asked)).toEqual(heldOf("m0", "m7", "m19"));
    expect(await store.unpublished({ epoch, counter: 8 }, asked)).toEqual(heldOf("m0", "m7"));
  });

  it("reads on behind an entry", async () => {
    const page = { countMax: 2, minAgeMs: 0 };
    for (const messageId of ["a", "b", "c"]) await store.commit(epoch, [opening(messageId)]);
    const [, last] = (await store.readOutbox(SHARD, page)).entries;
    const rest = (await store.readOutbox(SHARD, { ...page, after: last!.entryId })).entries;
    expect(rest).toMatchObject([{ messages: [{ messageId: "c" }] }]);
    expect((await store.readEntry(SHARD, last!.entryId)).entries).toEqual([
      { ...last, ageMs: expect.any(Number) },
    ]);
    await store.ack(epoch, last!.entryId, []);
    expect((await store.readEntry(SHARD, last!.entryId)).entries).toEqual([]);
  });

  it("leaves the other shards alone", async () => {
    await store.commit(epoch, [opening("a")]);
    expect((await store.load(SHARD + 1, ["a"])).messages[0]?.version).toBe(0);
    const neighbour = await store.readOutbox(SHARD + 1, { countMax: 10, minAgeMs: 0 });
    expect(neighbour.entries).toEqual([]);
  });
});

describe("whose clock counts", () => {
  const claim = { leaseMs: 5_000, lentMax: 10 };

  it("fires nothing before the instant is past by both clocks", async () => {
    const { nowMs } = await store.load(SHARD, []);
    const dueAt = nowMs + 4_000;
    await store.commit(epoch, [{ ...opening("a"), dueAt }]);
    const fast = await store.claimDue(SHARD, { ...claim, callerNowMs: dueAt + 1 });
    expect(fast).toMatchObject({ due: [], nextDueAt: dueAt });
    await store.commit(epoch, [{ ...opening("a"), expectedVersion: 1, dueAt: nowMs }]);
    const slow = await store.claimDue(SHARD, { ...claim, callerNowMs: nowMs - 1 });
    expect(slow).toMatchObject({ due: [], nextDueAt: nowMs });
    const agreed = await store.claimDue(SHARD, { ...claim, callerNowMs: nowMs });
    // The lease begins at the clock that is behind: one ahead would hide a lost tick for as long.
    const leaseEndsAt = nowMs + 5_000;
    expect(agreed.due).toEqual([{ messageId: "a", dueAt: nowMs, leaseEndsAt }]);
    expect(agreed.nextDueAt).toBe(leaseEndsAt);
  });

  it.each([-6_000, 6_000])("lends nothing by a clock that is %s ms off", async (offMs) => {
    await store.commit(epoch, [opening("a")]);
    const before = await dump();
    const claiming = store.claimDue(SHARD, { ...claim, callerNowMs: Date.now() + offMs });
    await expect(claiming).rejects.toThrow(RetriableError);
    expect(await dump()).toEqual(before);
  });
});

describe("timers that nobody settles", () => {
  it("are lent again when a lease is over, each time for twice as long", async () => {
    await store.commit(epoch, [opening("a")]);
    const leases: number[] = [];
    for (let at = Date.now() - 2_000; leases.length < 10; ) {
      const { due, nowMs, nextDueAt } = await claimAt(at);
      leases.push(...due.map(({ leaseEndsAt }) => leaseEndsAt - nowMs));
      at = nextDueAt!;
    }
    expect(leases).toEqual(leases.map((_, index) => 2 ** index));
  });

  it("keep others from being lent while there are as many as may be, and let them on once settled", async () => {
    const ids = ["a", "b", "c", "d", "e", "f"];
    await store.commit(
      epoch,
      ids.map((id, i) => ({ ...opening(id), dueAt: 1_000 + i })),
    );
    const now = Date.now();
    const claim = () => store.claimDue(SHARD, { callerNowMs: now, leaseMs: 5_000, lentMax: 4 });
    expect(idsOf(await claim())).toEqual(["a", "b", "e", "f"]);
    expect(idsOf(await claim())).toEqual([]);
    const settled = { ...opening("a"), expectedVersion: 1 };
    await store.commit(epoch, [{ ...settled, dueAt: null }]);
    await store.rearm(epoch, [{ messageId: "f", version: 1, dueAt: now + 60_000 }]);
    expect(idsOf(await claim())).toEqual(["c", "d"]);
  });

  it("let one that is due now pass the backlog, and leave none of the backlog behind", async () => {
    const backlog = Array.from({ length: 40 }, (_, i) => ({
      ...opening(`m${i}`),
      dueAt: 1_000 + i,
    }));
    await store.commit(epoch, backlog);
    const fired: string[][] = [];
    for (let turn = 0; fired.flat().length < 45 && turn < 100; turn++) {
      if (turn < 5) await store.commit(epoch, [{ ...opening(`n${turn}`), dueAt: 5_000 + turn }]);
      const ids = idsOf(await claimAt(Date.now()));
      fired.push(ids);
      await store.commit(
        epoch,
        ids.map((id) => ({ ...opening(id), expectedVersion: 1, dueAt: null })),
      );
    }
    for (const turn of [0, 1, 2, 3, 4]) expect(fired[turn]).toContain(`n${turn}`);
    expect(new Set(fired.flat()).size).toBe(45);
    expect(fired.flat().length).toBe(45);
  });

  it("are due at once when they are taken back", async () => {
    await store.commit(epoch, [opening("a"), opening("b")]);
    expect(idsOf(await claimAll())).toEqual(["a", "b"]);
    await store.takeBack(epoch, ["a"]);
    expect(idsOf(await claimAll())).toEqual(["a"]);
  });
});

function opening(messageId: string): Transition {
  const bytes = Buffer.from(messageId);
  const life = { dueAt: 1_000, keepMs: null, ...AT_ANY_TIME };
  return { messageId, expectedVersion: 0, state: bytes, outbox: bytes, ...life };
}

async function entriesOf(options: { countMax: number; minAgeMs: number }) {
  return (await store.readOutbox(SHARD, options)).entries;
}

function claimAt(callerNowMs: number) {
  return store.claimDue(SHARD, { callerNowMs, leaseMs: 1, lentMax: 4 });
}

function idsOf({ due }: ClaimResult): string[] {
  return due.map(({ messageId }) => messageId).toSorted();
}

function claimAll() {
  return store.claimDue(SHARD, { callerNowMs: Date.now(), leaseMs: 5_000, lentMax: 512 });
}

/** Every key with its serialised value: two equal dumps are one state of Redis. */
async function dump(): Promise<Map<string, string>> {
  const keys = (await keysLike(redis, "*")).toSorted();
  const values = await Promise.all(keys.map((key) => redis.at(key).dumpBuffer(key)));
  return new Map(keys.map((key, i) => [key, values[i]!.toString("hex")]));
}
