// Restores from the real journal into real Redis. The broker is shared: its journal has messages of other tests
// as well, so each looks at its own.

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ConfigError } from "#libs/config/read-env.ts";
import { checkShardCount } from "#libs/contracts/check-shard-count.ts";
import type { JournalEntry, SendRequestInit } from "#libs/contracts/generated/types.ts";
import { readState } from "#libs/contracts/journal-rescue.ts";
import { messageKeys, shardKeys } from "#libs/flow-store/keys.ts";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import { encodeVersioned } from "#libs/flow-store/versioned.ts";
import { deadLettersTold } from "#libs/kafka/lately-told.ts";
import type { Producer, Sendable } from "#libs/kafka/ports.ts";
import type { StoredRecord } from "#libs/kafka/stored-record.ts";
import { rewriteScheduled } from "#libs/restore/rewrite-scheduled.ts";
import { decodeOwn } from "#test/support/decode-own.ts";
import { report, sent, threeSteps, tick } from "#test/support/journal-entry.ts";
import { brokers, kafka } from "#test/support/kafka.ts";
import { entryOf, own, readReport } from "#test/support/lately.ts";
import { openOtherStores } from "#test/support/open-shards.ts";
import {
  dumpOf,
  journalProducer,
  journalRecordOf,
  type Restorer,
  startRestorer,
} from "#test/support/restorer.ts";
import { fallthroughHere } from "#test/support/terminal.ts";

const DAY_MS = 24 * 3_600_000;
const EPOCH = "000007-0000000a";
const resources = new AsyncDisposableStack();
let producer: Producer;

beforeAll(async () => {
  producer = await journalProducer(resources);
}, 120_000);
afterAll(() => resources.disposeAsync());

async function storedOf({ store, redis }: Restorer, messageId: string) {
  const shard = store.shardOf(messageId);
  const [loaded] = (await store.load(shard, [messageId])).messages;
  const due = await redis.at("").zscore(shardKeys(shard).timers, messageId);
  const keepMs = await redis.at("").pttl(messageKeys(shard, [messageId])[0]!);
  const { version, state } = loaded!;
  return { version, state, dueAt: due === null ? null : Number(due), keepMs };
}

it("brings messages of every phase back into a new Redis with another number of shards", async () => {
  const restorer = await startRestorer(resources, 5);
  const { contracts, store } = restorer;
  const request: SendRequestInit = {
    ...own("request"),
    requestedAt: Date.now() - 60_000,
    steps: [{ channel: "sms" }],
    recipient: { msisdn: "+6599990000" },
    content: { type: "TEXT", text: "hello" },
  };
  const bytes = contracts.sendRequest.encode(request);
  const scheduledAt = Date.now() + 20 * DAY_MS;
  const running = entryOf(own("running"), [sent(threeSteps)], { request: bytes });
  const scheduled = entryOf(own("scheduled"), [sent(threeSteps, { scheduledAt })]);
  const ended = entryOf(own("ended"), [sent(threeSteps), readReport()]);
  const longAgo = { at: Date.now() - 9 * DAY_MS };
  const longEnded = entryOf(own("long-ended"), [sent(threeSteps), readReport()], longAgo);
  const all = [running, scheduled, ended, longEnded];
  const places = all.map((_, index) => ({ epoch: EPOCH, counter: 40 + index, partition: index }));
  await producer.publish(all.map((entry, i) => journalRecordOf(entry, contracts, places[i])));

  const done = await restorer.restore();
  expect(done).toMatchObject({ shardCount: 5, wholeCount: 5 });
  expect(done!.doneCount).toBeLessThanOrEqual(done!.offsetCount);

  const found = await Promise.all(all.map(({ messageId }) => storedOf(restorer, messageId)));
  const { deadlineAt: dueAt } = running.state.attempts[0]!;
  expect(found[0]).toMatchObject({ version: 1, dueAt, keepMs: -1 });
  expect(found[0]!.state).toEqual(contracts.journalEntry.encode(running));
  expect(found[1]).toMatchObject({ dueAt: scheduledAt, keepMs: -1 });
  expect(found[2]).toMatchObject({ version: 2, dueAt: null });
  expect(found[2]!.keepMs).toBeGreaterThan(7.9 * DAY_MS);
  expect(found[2]!.keepMs).toBeLessThanOrEqual(8 * DAY_MS);
  expect(found[3]).toMatchObject({ version: 2, dueAt: null });
  expect(found[3]!.keepMs).toBeLessThanOrEqual(3_600_000);

  const { messageId, accountId } = running;
  const range = { fromMs: 0, toMs: Date.now(), after: null, countMax: 10 };
  const listed = [{ messageId, at: request.requestedAt }];
  expect(await store.list(accountId, range)).toEqual(listed);
  const { provider, providerMessageId } = ended.state.attempts[0]!;
  const asked = { provider: provider!, providerMessageId: providerMessageId! };
  await openOtherStores(restorer.redis);
  const { joined } = await restorer.providerIds.joinAll([{ ...asked, reportId: "r", bytes: null }]);
  expect(joined[0]!.verdict).toMatchObject({ messageId: ended.messageId, attemptIndex: 0 });
  const shards = await store.inspect();
  expect(shards.every(({ isOpen }) => isOpen)).toBe(true);
  for (const [index, entry] of all.slice(0, 3).entries()) {
    const { counter } = shards[store.shardOf(entry.messageId)]!;
    expect(counter).toBeGreaterThanOrEqual(40 + index);
  }
  expect(await restorer.restore()).toBeNull();
}, 120_000);

it("takes the newest of a message's records, wherever and in whatever order they lie", async () => {
  const restorer = await startRestorer(resources, 16);
  const { contracts } = restorer;
  const ids = own("several");
  const record = (version: number, traceparent: string, place: object) => {
    const entry = entryOf(ids, [sent(threeSteps), tick(60_000)], { version, traceparent });
    return journalRecordOf(entry, contracts, place);
  };
  const newest = record(3, "newest", { epoch: "000009-00000000", counter: 5, partition: 2 });
  // The last one is of a writer that was stopped; two epochs used one version, each for something else.
  await producer.publish([
    record(9, "no epoch", { partition: 1 }),
    newest,
    record(3, "other history", { epoch: "000008-ffffffff", counter: 900, partition: 3 }),
    record(2, "late", { epoch: "000009-00000000", counter: 4, partition: 2 }),
  ]);
  await restorer.restore();
  const { version, state } = await storedOf(restorer, ids.messageId);
  expect(version).toBe(3);
  expect(state).toEqual(newest.value);
}, 120_000);

it("sets entries aside that nobody can read, and restores the others", async () => {
  const restorer = await startRestorer(resources, 16);
  const good = entryOf(own("good"), [sent(threeSteps)]);
  const record = journalRecordOf(good, restorer.contracts, { epoch: EPOCH });
  const odd = { ...record, key: `odd-${randomUUID()}`, value: Buffer.from("no entry") };
  await producer.publish([odd, record]);
  await restorer.restore();
  const [unreadable] = restorer.unreadable.filter(({ record: { key } }) => key === odd.key);
  expect(unreadable).toMatchObject({ reason: expect.stringContaining("wire format") });
  expect(unreadable!.record.value).toEqual(odd.value);
  expect(await storedOf(restorer, good.messageId)).toMatchObject({ version: 1 });
}, 120_000);

it("restores an entry whose story cannot be read to its end, with its timer, so that its message goes on", async () => {
  const restorer = await startRestorer(resources, 16);
  const entry = entryOf(own("damaged"), [sent(threeSteps), tick(60_000)]);
  const whole = journalRecordOf(entry, restorer.contracts, { epoch: EPOCH });
  const value = whole.value!.subarray(0, -3);
  await producer.publish([{ ...whole, value }]);
  await restorer.restore();
  const stored = await storedOf(restorer, entry.messageId);
  expect(stored).toMatchObject({ version: 2, state: value, dueAt: expect.any(Number) });
  const { state, story } = await readState(stored.state!, restorer.contracts);
  const given = decodeOwn("journal-entry", whole.value!);
  expect({ state, story }).toEqual({ state: given.state, story: given.story.slice(0, 1) });
}, 120_000);

it("a Redis that lost its end keeps what the journal has not, and gets what it has not", async () => {
  const restorer = await startRestorer(resources, 16);
  const { store, redis, contracts } = restorer;
  const newer = entryOf(own("newer"), [sent(threeSteps), tick(60_000)]);
  const behind = entryOf(own("behind"), [sent(threeSteps), tick(60_000)]);
  const kept = new Map([
    [newer, 3],
    [behind, 1],
  ]);
  for (const [{ messageId }, version] of kept) {
    const shard = store.shardOf(messageId);
    const { epoch, outbox } = shardKeys(shard);
    await redis.at("").set(epoch, `${EPOCH} another-process`);
    const id = `${Date.now() - 60_000}-${version}`;
    await redis
      .at("")
      .xadd(outbox, id, "counter", "3", "versions", "none")
      .catch(() => undefined);
    const state = encodeVersioned(version, Buffer.from(`kept ${version}`));
    await redis.at("").set(messageKeys(shard, [messageId])[0]!, state);
  }
  const records = [...kept.keys()].map((entry) => {
    const partition = store.shardOf(entry.messageId);
    return journalRecordOf(entry, contracts, { epoch: EPOCH, counter: 8, partition });
  });
  await producer.publish(records);
  await restorer.restore();
  const state = Buffer.from("kept 3");
  expect(await storedOf(restorer, newer.messageId)).toMatchObject({ version: 3, state });
  const raised = await storedOf(restorer, behind.messageId);
  expect(raised).toMatchObject({ version: 2, dueAt: expect.any(Number) });
  expect(restorer.readAgain).toHaveLength(1);
}, 120_000);

it("tells nothing of what came to the journal behind what it has restored", async () => {
  const restorer = await startRestorer(resources, 16);
  const [before, behind] = ["before", "behind"].map((name) => {
    const ended = entryOf(own(name), [sent(threeSteps), report(0, "READ", 1_000)]);
    return journalRecordOf(ended, restorer.contracts, { epoch: EPOCH });
  });
  await producer.publish([before!]);
  const told = new Set<string>();
  const tellAgain = () => async (records: readonly StoredRecord[]) =>
    records.forEach(({ key }) => told.add(key));
  // A writer of before the loss is acknowledged once the journal has been read.
  await restorer.restore({ tellAgain, readAgain: () => producer.publish([behind!]) });
  expect(await storedOf(restorer, behind!.key)).toMatchObject({ version: 0 });
  expect([told.has(before!.key), told.has(behind!.key)]).toEqual([true, false]);
}, 120_000);

it("a Redis that is emptied once more while it is restored is not taken for a restored one", async () => {
  const restorer = await startRestorer(resources, 16);
  const { store, redis, contracts } = restorer;
  const running = entryOf(own("emptied"), [sent(threeSteps)]);
  await producer.publish([journalRecordOf(running, contracts, { epoch: EPOCH })]);
  const emptied = restorer.restore({
    tellAgain: () => async () => void (await redis.at("").flushall()),
  });
  await expect(emptied).rejects.toThrow(ShardClosedError);
  expect((await store.inspect()).filter(({ isOpen }) => isOpen)).toEqual([]);
  while (await restorer.restore());
  expect(await storedOf(restorer, running.messageId)).toMatchObject({ version: 1 });
}, 120_000);

it("a dry run says what a restore would do, and writes nothing", async () => {
  const restorer = await startRestorer(resources, 16);
  const running = entryOf(own("surveyed"), [sent(threeSteps)]);
  await producer.publish([journalRecordOf(running, restorer.contracts, { epoch: EPOCH })]);
  const before = await dumpOf(restorer.redis);
  const env = {
    KAFKA_BROKERS: brokers.join(","),
    SCHEMA_REGISTRY_URL: process.env["SCHEMA_REGISTRY_URL"]!,
    REDIS_URL: restorer.redisUrl,
  };
  const { exitCode, stdout } = await fallthroughHere(env, "restore", "--dry-run", "--json");
  expect(exitCode).toBe(0);
  const survey = JSON.parse(stdout);
  expect(survey.plans).toHaveLength(16);
  expect(survey.openCount).toBeGreaterThan(0);
  const told = await fallthroughHere(env, "restore", "--dry-run");
  expect(told.stdout).toContain("16 of 16 shards are closed; of 16 Redis knows nothing.");
  expect(await dumpOf(restorer.redis)).toEqual(before);
  while (await restorer.restore());
  const after = await fallthroughHere(env, "restore", "--dry-run");
  expect(after.stdout).toContain("there is nothing to restore");
  const half = { REDIS_URL: restorer.redisUrl };
  expect(await fallthroughHere(half, "restore", "--dry-run")).toMatchObject({ exitCode: 2 });
  const other = createServer((_request, response) => response.writeHead(415).end("{}"));
  await once(other.listen(0, "127.0.0.1"), "listening");
  resources.defer(() => void other.close());
  const { port } = Object(other.address());
  const wrong = { ...env, SCHEMA_REGISTRY_URL: `http://127.0.0.1:${port}` };
  const notThere = await fallthroughHere(wrong, "restore", "--dry-run");
  expect(notThere).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining("SCHEMA_REGISTRY_URL"),
  });
}, 120_000);

it("refuses more shards than the journal has partitions", async () => {
  await checkShardCount(kafka, 16);
  const refused = checkShardCount(kafka, 17);
  await expect(refused).rejects.toThrow(ConfigError);
  await expect(refused).rejects.toThrow("SHARD_COUNT is 17, but message-journal has 16 partitions");
});

it("writes messages to the journal again that wait for their start, once in three days", async () => {
  const restorer = await startRestorer(resources, 16);
  const { store, contracts } = restorer;
  const [near, far] = [1, 20].map((days) => {
    const scheduledAt = Date.now() + days * DAY_MS;
    return entryOf(own("waiting"), [sent(threeSteps, { scheduledAt })]);
  });
  const record = (entry: JournalEntry) => journalRecordOf(entry, contracts, { epoch: EPOCH });
  await producer.publish([record(near!), record(far!)]);
  while (await restorer.restore());
  const written: Sendable[] = [];
  const recording = {
    publish: async (records: readonly Sendable[]) => void written.push(...records),
  };
  const sending = { producer: { ...producer, ...recording }, letters: deadLettersTold() };
  const flow = { store, contracts, log: kafka.log, ...sending };
  const ofMine = () =>
    written.filter(({ key }) => [near, far].some((one) => one!.messageId === key));
  const rewriteAll = async (nowMs: number) => {
    for (let shard = 0; shard < 16; shard++) await rewriteScheduled(shard, flow, nowMs);
  };
  await rewriteAll(Date.now());
  await rewriteAll(Date.now() + DAY_MS);
  expect(ofMine()).toEqual([
    expect.objectContaining({ key: far!.messageId, value: record(far!).value }),
  ]);
  await rewriteAll(Date.now() + 3 * DAY_MS + 1);
  expect(ofMine()).toHaveLength(2);
}, 120_000);
