// Fault: a writer is paused between its commit and its publication; its send goes out when others have
// moved the message on and published that, and it dies before its acknowledgement. Invariant: the
// journal ends with what is stored, and says where that stands.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { topics } from "#libs/contracts/topics.ts";
import { RetriableError, WaitsAloneError } from "#libs/errors.ts";
import { epochName } from "#libs/flow-store/epoch.ts";
import type { FlowStore } from "#libs/flow-store/ports.ts";
import { consume } from "#libs/kafka/consume.ts";
import type { Sendable, Subscription } from "#libs/kafka/ports.ts";
import type { ConnectedFlow } from "#libs/message-flow/connect-flow.ts";
import { publishEntry } from "#libs/message-flow/publish-entry.ts";
import { journalMender } from "#libs/restore/mend-journal.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { entryAfter, sent, threeSteps } from "#test/support/journal-entry.ts";
import { AT_ANY_TIME } from "#test/support/open-shards.ts";
import { brokers, startFlow } from "#test/support/test-flow.ts";
import { readTopic, type TopicReader } from "#test/support/topic-reader.ts";

const log = createLog("late-writer", "error");
const resources = new AsyncDisposableStack();
let flow: ConnectedFlow;
let journal: TopicReader;

beforeAll(async () => {
  flow = await startFlow(resources, log);
  journal = resources.use(await readTopic(brokers, topics.messageJournal.name));
  resources.use(
    await consume({
      kafka: { brokers, log },
      groupId: `mender-${randomUUID()}`,
      subscriptions: [journalMender(flow) as Subscription<unknown>],
      deadLetters: flow.producer,
      log,
      onFatal: (error) => expect.fail(String(error)),
    }),
  );
});
afterAll(() => resources.disposeAsync());

const newestOf = (messageId: string) =>
  journal.records.filter(({ key }) => key === messageId).at(-1);

function stateOf(messageId: string, version: number): Buffer {
  const entry = { ...entryAfter([sent(threeSteps)], { messageId, accountId: "demo" }), version };
  return flow.contracts.journalEntry.encode(entry);
}

async function commit(messageId: string, expectedVersion: number, state: Buffer) {
  const life = { dueAt: null, keepMs: 60_000, outbox: Buffer.from([0]), ...AT_ANY_TIME };
  const { epoch } = await flow.store.load(flow.store.shardOf(messageId), []);
  return flow.store.commit(epoch, [{ messageId, expectedVersion, state, ...life }]);
}

it("publishes the stored state again behind an older one that came late", async () => {
  const messageId = randomUUID();
  const shard = flow.store.shardOf(messageId);
  const states = [1, 2].map((version) => stateOf(messageId, version));
  const { epoch } = await flow.store.load(shard, []);
  const records = [];
  for (const [index, state] of states.entries()) {
    const { entryId, counter } = await commit(messageId, index, state);
    const headers = { "ft-epoch": epochName(epoch), "ft-counter": String(counter) };
    const topic = topics.messageJournal.name;
    records.push({ topic, key: messageId, value: state, partition: shard, headers });
    if (index === 0) continue;
    const messages = [{ messageId, version: 2, records: records.slice(1) }];
    await publishEntry({ epoch, entryId: entryId!, messages }, flow);
  }
  await expect.poll(() => newestOf(messageId)?.value).toEqual(states[1]);
  await flow.producer.publish(records.slice(0, 1));
  await expect.poll(() => journal.records.filter(({ key }) => key === messageId).length).toBe(3);
  expect(newestOf(messageId)).toMatchObject({
    value: states[1],
    headers: { "ft-epoch": epochName(epoch), "ft-counter": "2" },
  });
});

/** A mender of its own, of a new message; what it publishes is kept. */
async function startMending(store: Partial<FlowStore> = {}) {
  const messageId = randomUUID();
  const shard = flow.store.shardOf(messageId);
  const published: Sendable[] = [];
  const publish = async (records: readonly Sendable[]) => void published.push(...records);
  const producer = { ...flow.producer, publish };
  const mender = journalMender({ ...flow, producer, store: { ...flow.store, ...store } });
  const { epoch, counter } = await flow.store.load(shard, []);
  const recordAt = (offset: number, counterThen: number, bytes: Buffer) => {
    const headers = { "ft-epoch": epochName(epoch), "ft-counter": String(counterThen) };
    const place = { topic: topics.messageJournal.name, partition: shard, offset: String(offset) };
    return { ...place, key: messageId, value: bytes, bytes, headers, faults: [], timestamp: 0 };
  };
  return { messageId, published, mender, counter, recordAt };
}

it("waits for a shard that is closed when it begins: what that holds says what is late", async () => {
  let isOpen = false;
  const inspect = async () =>
    (await flow.store.inspect()).map((shard) => {
      if (isOpen) return shard;
      return { ...shard, isOpen, counter: 0, epoch: { ...shard.epoch, token: "9f2c41ab lost" } };
    });
  const { messageId, published, mender, counter, recordAt } = await startMending({ inspect });
  const states = [1, 2].map((version) => stateOf(messageId, version));
  for (const [index, state] of states.entries()) await commit(messageId, index, state);
  const late = [recordAt(7, counter + 1, states[0]!)];
  // Of a fault that a record waits for alone, its chunk would be halved down to each record.
  const fault = await mender.handle(late).then(null, (error: unknown) => error);
  expect(fault).toBeInstanceOf(RetriableError);
  expect(fault).not.toBeInstanceOf(WaitsAloneError);
  isOpen = true;
  await mender.handle(late);
  expect(published).toMatchObject([{ key: messageId, value: states[1] }]);
});

it("finds a late record behind what another member has read meanwhile", async () => {
  const { messageId, published, mender, counter, recordAt } = await startMending();
  await mender.handle([recordAt(7, counter, Buffer.from("before"))]);
  const states = [1, 2].map((version) => stateOf(messageId, version));
  for (const [index, state] of states.entries()) await commit(messageId, index, state);
  // The second one's record, at offset 8, comes to another member; the first one's behind it to this one.
  await mender.handle([recordAt(9, counter + 1, states[0]!)]);
  expect(published).toMatchObject([{ key: messageId, value: states[1] }]);
});
