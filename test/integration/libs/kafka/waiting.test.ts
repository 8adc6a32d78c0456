// Records of one partition that wait for something of their own, as those of a closed shard do.
// Invariants: the others go on; nothing is committed past one that waits; each is handled in the end.
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PoisonRecordError, RetriableError, WaitsAloneError } from "#libs/errors.ts";
import { murmur2 } from "#libs/kafka/partitioner.ts";
import {
  committedOffsets,
  groupState,
  isInMemory,
  newTopic,
  rawKafka,
} from "#test/support/kafka.ts";
import { clients } from "#test/support/kafka-clients.ts";
import { type Group, type Handle, openGroup, valuesOf } from "#test/support/kafka-group.ts";
import { rawRecords } from "#test/support/raw-records.ts";

/** By then a member that has a batch in hand has heard of a rebalance. */
const BEATEN_WITHIN_MS = 3_500;
const within = { timeout: 30_000, interval: 50 };
/** `a1` waits for `a` while that is closed, and fails a chunk in which it stands. */
function shards(...closed: string[]) {
  const shut = new Set(closed);
  const handled: string[] = [];
  const handle: Handle = (records) => {
    const values = valuesOf(records);
    const waits = values.find((value) => shut.has(value.charAt(0)));
    handled.push(...values.filter((value) => !shut.has(value.charAt(0))));
    if (waits) throw new WaitsAloneError(waits.charAt(0), `${waits.charAt(0)} is closed.`);
  };
  return { handle, handled, open: (name: string) => void shut.delete(name) };
}

/** `handle`, but a chunk with `held` is in hand until its release. */
function holding(handle: Handle) {
  const held = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const slowly: Handle = async (records) => {
    if (valuesOf(records).includes("held")) {
      reached.resolve();
      await held.promise;
    }
    return handle(records);
  };
  return { handle: slowly, reached: reached.promise, release: held.resolve };
}

async function publishTo(
  group: Group,
  { topic, partition }: { topic: string; partition: number },
  ...values: string[]
) {
  const key = keyFor(partition);
  await group.producer.publish(values.map((value) => ({ topic, key, value: Buffer.from(value) })));
}

/** A key whose records lie in that one of two partitions. */
function keyFor(partition: number): string {
  const keys = Array.from({ length: 100 }, (_, index) => `key-${index}`);
  return keys.find((key) => (murmur2(Buffer.from(key)) & 0x7f_ff_ff_ff) % 2 === partition)!;
}

async function publish(group: Group, topic: string, all: string[]) {
  await group.producer.publish(
    all.map((value) => ({ topic, key: value, value: Buffer.from(value) })),
  );
}

describe.each(clients)("by $name", ({ client }) => {
  let opened: AsyncDisposableStack;

  beforeEach(() => {
    opened = new AsyncDisposableStack();
  });
  afterEach(() => opened.disposeAsync());

  it("handles what lies behind records that wait, and those in their order once each can be", async () => {
    const topic = await newTopic(1);
    const group = opened.use(await openGroup(client));
    const { handle, handled, open } = shards("a", "b");
    const member = await group.join(topic, handle);
    await publish(group, topic, ["c1", "a1", "b1", "c2"]);
    await vi.waitFor(() => expect(handled).toContain("c2"), within);
    await publish(group, topic, ["a2", "b2", "c3"]);
    await vi.waitFor(() => expect(handled).toContain("c3"), within);
    await vi.waitFor(
      async () => expect(await committedOffsets(group.id, topic)).toEqual([1]),
      within,
    );
    open("b");
    await vi.waitFor(() => expect(handled).toContain("b2"), within);
    await vi.waitFor(
      async () => expect(await committedOffsets(group.id, topic)).toEqual([1]),
      within,
    );
    open("a");
    await vi.waitFor(() => expect(handled).toContain("a2"), within);
    await vi.waitFor(
      async () => expect(await committedOffsets(group.id, topic)).toEqual([7]),
      within,
    );
    for (const name of ["a", "b", "c"]) {
      const firsts = [...new Set(handled.filter((value) => value.startsWith(name)))];
      expect(firsts).toEqual(firsts.toSorted());
    }
    expect(member.isConsuming()).toBe(true);
    expect(group.fatal).toEqual([]);
  }, 60_000);

  it("gives whoever comes after a member that stops what had to wait", async () => {
    const topic = await newTopic(1);
    const group = opened.use(await openGroup(client));
    const first = shards("a");
    const member = await group.join(topic, first.handle);
    await publish(group, topic, ["a1", "c1"]);
    await vi.waitFor(() => expect(first.handled).toContain("c1"), within);
    await member[Symbol.asyncDispose]();
    const second = shards();
    await group.join(topic, second.handle);
    await vi.waitFor(() => expect(second.handled).toEqual(["a1", "c1"]), within);
  }, 60_000);

  it.skipIf(isInMemory)(
    "keeps the place of what waits where an aborted transaction lies behind it",
    async () => {
      const topic = await newTopic(1);
      const group = opened.use(await openGroup(client));
      const { handle, handled, open } = shards("a");
      await group.join(topic, handle);
      await publish(group, topic, ["a1"]);
      await group.untilCommitted(topic, 0);
      const transactional = rawKafka.producer({ transactionalId: topic, maxInFlightRequests: 1 });
      await transactional.connect();
      const transaction = await transactional.transaction();
      await transaction.send({ topic, messages: [{ key: "c1", value: "c1" }] });
      await transaction.abort();
      await transactional.disconnect();
      // Several fetches: nobody hears of a batch that is empty.
      await sleep(2_000);
      expect(await committedOffsets(group.id, topic)).toEqual([0]);
      open("a");
      await group.untilCommitted(topic, 3);
      expect(handled).not.toContain("c1");
    },
    60_000,
  );

  it("lets a whole partition wait for what is everybody's, whatever else waits", async () => {
    const topic = await newTopic(1);
    const group = opened.use(await openGroup(client));
    const { handle, handled } = shards("a");
    let isAway = true;
    const perhaps: Handle = (records) => {
      if (isAway && valuesOf(records).includes("c1")) throw new RetriableError("Redis is away.");
      return handle(records);
    };
    await group.join(topic, perhaps);
    await publish(group, topic, ["a1", "c1", "c2"]);
    await sleep(1_000);
    expect(handled).toEqual([]);
    isAway = false;
    await vi.waitFor(() => expect(handled).toContain("c2"), within);
  }, 60_000);

  it("has one part of a partition in hand at a time, also of records that waited", async () => {
    const topic = await newTopic(1);
    const group = opened.use(await openGroup(client));
    const { handle, handled, open } = shards("a", "b");
    let inHand = 0;
    let inHandMax = 0;
    const slowly: Handle = async (records) => {
      inHand += 1;
      inHandMax = Math.max(inHandMax, inHand);
      // Longer than a fetch: a batch would bring what is being tried.
      await sleep(300);
      inHand -= 1;
      return handle(records);
    };
    await group.join(topic, slowly);
    await publish(group, topic, ["a1", "b1", "c1"]);
    await group.untilCommitted(topic, 0);
    expect(handled).toContain("c1");
    open("a");
    open("b");
    await group.untilCommitted(topic, 3);
    expect(inHandMax).toBe(1);
  }, 60_000);

  it("sets a record aside once that turns out to be poison when it need not wait any more", async () => {
    const topic = await newTopic(1);
    const group = opened.use(await openGroup(client));
    const { handle, handled, open } = shards("a");
    await group.join(topic, async (records) => {
      await handle(records);
      if (valuesOf(records).includes("a1")) throw new PoisonRecordError("a1 is odd.");
    });
    await publish(group, topic, ["a1", "c1"]);
    await vi.waitFor(() => expect(handled).toContain("c1"), within);
    open("a");
    await group.untilCommitted(topic, 2);
    expect(await rawRecords(`${topic}-dlt`)).toHaveLength(1);
  }, 60_000);

  it("reads what waits in the next assignment too, where a record behind it was done in the last one", async () => {
    const topic = await newTopic(2);
    const group = opened.use(await openGroup(client));
    const first = shards("a", "b");
    const held = holding(first.handle);
    await group.join(topic, held.handle);
    await publishTo(group, { topic, partition: 0 }, "a1", "b1", "c1");
    await vi.waitFor(() => expect(first.handled).toContain("c1"), within);
    await publishTo(group, { topic, partition: 1 }, "held");
    await held.reached;
    // Nothing is fetched while a batch is in hand: its partition is sent to b1 and not read from there yet.
    first.open("b");
    await vi.waitFor(() => expect(first.handled).toContain("b1"), within);
    const second = shards("a");
    const joining = group.join(topic, second.handle);
    await vi.waitFor(
      async () => expect(await groupState(group.id)).toBe("PreparingRebalance"),
      within,
    );
    await sleep(BEATEN_WITHIN_MS);
    held.release();
    const other = await joining;
    await vi.waitFor(() => expect(other.isConsuming()).toBe(true), within);
    await other[Symbol.asyncDispose]();
    first.open("a");
    await vi.waitFor(() => expect(first.handled).toContain("a1"), within);
  }, 90_000);

  it("tries a record again while another partition has its batch in hand", async () => {
    const topic = await newTopic(2);
    const group = opened.use(await openGroup(client));
    const { handle, handled, open } = shards("a", "b");
    const held = holding(handle);
    await group.join(topic, held.handle);
    await publishTo(group, { topic, partition: 0 }, "a1", "c1");
    await publishTo(group, { topic, partition: 1 }, "b1", "c2");
    await vi.waitFor(() => expect(handled).toEqual(expect.arrayContaining(["c1", "c2"])), within);
    await publishTo(group, { topic, partition: 1 }, "held");
    await held.reached;
    // By now a try of b1 waits for its partition.
    await sleep(1_000);
    open("a");
    await vi.waitFor(() => expect(handled).toContain("a1"), within);
    held.release();
  }, 60_000);
});
