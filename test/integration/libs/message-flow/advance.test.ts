// The one path that moves messages, on a real broker, registry and Redis. The faults are those of a
// process that dies or loses Kafka between its commit and its publication.
import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { nothingOwn } from "#libs/contracts/own-of-step.ts";
import { RetriableError } from "#libs/errors.ts";
import { epochName } from "#libs/flow-store/epoch.ts";
import { createTopics } from "#libs/kafka/admin.ts";
import type { OutgoingRecord } from "#libs/kafka/ports.ts";
import { advance } from "#libs/message-flow/advance.ts";
import type { ConnectedFlow } from "#libs/message-flow/connect-flow.ts";
import { drainAbandoned } from "#libs/message-flow/drain-outbox.ts";
import type { Flow } from "#libs/message-flow/flow.ts";
import type { MessageInput } from "#libs/message-flow/message-input.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { decodeOwn } from "#test/support/decode-own.ts";
import { storedRequest } from "#test/support/stored-request.ts";
import { brokers, startFlow } from "#test/support/test-flow.ts";

const log = createLog("message-flow", "error");
const resources = new AsyncDisposableStack();
let flow: ConnectedFlow;

beforeAll(async () => {
  flow = await startFlow(resources, log);
});

afterAll(() => resources.disposeAsync());

function requestOf(messageId: string, accountId = "demo"): MessageInput {
  const blank = { sender: null, ttlSeconds: null, ...nothingOwn } as const;
  const step = { ...blank, waitSeconds: 60, onFailure: "NEXT" } as const;
  const request = storedRequest({
    messageId,
    accountId,
    steps: [
      { ...step, channel: "whatsapp", wanted: "READ" },
      { ...step, channel: "sms", wanted: "DELIVERED" },
    ],
    requestedAt: Date.now(),
  });
  const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
  const bytes = flow.contracts.sendRequest.encode(request);
  return { type: "SendRequest", messageId, accountId, request, faults: [], bytes, traceparent };
}

function reportOf(messageId: string, status: "DELIVERED" | "READ" | "FAILED"): MessageInput {
  const report = {
    reportId: randomUUID(),
    messageId,
    attemptIndex: 0,
    provider: "simulated-whatsapp",
    providerMessageId: null,
    providerMessageIds: [],
    channel: "whatsapp",
    status,
    errorCode: null,
    errorClass: null,
    errorText: null,
    segmentCount: null,
    route: null,
    revocation: null,
    occurredAt: 0,
    receivedAt: 0,
    charge: null,
  };
  return { type: "StatusReport", messageId, report, isOfAnother: false, isLinked: true };
}

function cancelOf(messageId: string, accountId: string): MessageInput {
  const cancel = { messageId, accountId, reason: null, requestedAt: 0 };
  return { type: "Cancel", messageId, accountId, cancel };
}

/** A flow whose publications are kept, and fail while `failing` says so. */
function watched(failing: () => boolean = () => false) {
  const published: OutgoingRecord[] = [];
  const producer = {
    async publish(records: readonly OutgoingRecord[]) {
      if (failing()) throw new RetriableError("Kafka is away");
      await flow.producer.publish(records);
      published.push(...records);
    },
    [Symbol.asyncDispose]: async () => {},
  };
  const own: Flow = { ...flow, producer };
  const topicsOf = (messageId: string) =>
    published.filter(({ key }) => key === messageId).map(({ topic }) => topic);
  return { own, published, topicsOf };
}

async function stored(messageId: string) {
  const loaded = await flow.store.load(flow.store.shardOf(messageId), [messageId]);
  const bytes = loaded.messages[0]?.state;
  return bytes ? decodeOwn("journal-entry", bytes) : null;
}

async function outboxCount(messageId: string): Promise<number> {
  const options = { countMax: 100, minAgeMs: 0 };
  const shard = flow.store.shardOf(messageId);
  return (await flow.store.readOutbox(shard, options)).entries.length;
}

it("stores a request, publishes its command and journal, and leaves an empty outbox", async () => {
  const messageId = randomUUID();
  const { own, topicsOf, published } = watched();
  await advance([requestOf(messageId)], own);
  expect(topicsOf(messageId)).toEqual(["message-journal", "dispatch-whatsapp"]);
  expect(await stored(messageId)).toMatchObject({ version: 1, state: { phase: "RUNNING" } });
  expect(await outboxCount(messageId)).toBe(0);
  const { epoch } = await flow.store.read(flow.store.shardOf(messageId), []);
  const command = decodeOwn("dispatch-command", published[1]!.value!);
  expect(command.epoch).toBe(epochName(epoch));
});

it("lists a message among its account's from the commit on that took its request", async () => {
  const accountId = `t-${randomUUID()}`;
  const [first, second] = [randomUUID(), randomUUID()];
  const { own } = watched();
  const all = { fromMs: 0, toMs: Date.now() + 60_000, after: null, countMax: 10 };
  const listed = async () => {
    return (await flow.store.list(accountId, all)).map(({ messageId }) => messageId);
  };
  await advance([cancelOf(first, accountId)], own);
  expect(await listed()).toEqual([]);
  await advance([requestOf(first, accountId)], own);
  await advance([requestOf(second, accountId)], own);
  await advance([reportOf(second, "READ")], own);
  expect((await listed()).toSorted()).toEqual([first, second].toSorted());
});

it("lists a message that claims to be from the future under the instant that it came", async () => {
  const accountId = `t-${randomUUID()}`;
  const messageId = randomUUID();
  const request = requestOf(messageId, accountId);
  if (request.type !== "SendRequest") throw new Error("A request is one.");
  const requestedAt = Date.now() + 9_999_999;
  await advance([{ ...request, request: { ...request.request, requestedAt } }], watched().own);
  const all = { fromMs: 0, toMs: requestedAt, after: null, countMax: 10 };
  const [one] = await flow.store.list(accountId, all);
  expect(one?.at).toBeLessThan(Date.now() + 1_000);
});

it("decides inputs of one message in their order, in one transition", async () => {
  const messageId = randomUUID();
  const { own, topicsOf } = watched();
  const inputs = [requestOf(messageId), reportOf(messageId, "FAILED"), requestOf(messageId)];
  await advance(inputs, own);
  expect(topicsOf(messageId)).toEqual(["message-journal", "dispatch-whatsapp", "dispatch-sms"]);
  expect(await stored(messageId)).toMatchObject({ version: 1, newEventCount: 5 });
});

it("publishes nothing when the same inputs come again", async () => {
  const messageId = randomUUID();
  const inputs = [requestOf(messageId), reportOf(messageId, "READ")];
  await advance(inputs, flow);
  const { own, published } = watched();
  await advance(inputs, own);
  expect(published).toEqual([]);
});

it("lets writers of one message take turns, and ends the journal with the newest state", async () => {
  const messageId = randomUUID();
  await advance([requestOf(messageId)], flow);
  const writers = (["DELIVERED", "READ", "FAILED"] as const).map((status) => {
    const { own, published } = watched();
    return advance([reportOf(messageId, status)], own).then(() => published);
  });
  const published = (await Promise.all(writers)).flat();
  const newest = await stored(messageId);
  const versions = published
    .filter(({ topic }) => topic === "message-journal")
    .map(({ value }) => decodeOwn("journal-entry", value as Buffer).version);
  expect(newest?.state).toMatchObject({ phase: "ENDED", attempts: [{ status: "READ" }] });
  expect(Math.max(...versions)).toBe(newest?.version);
  expect(await outboxCount(messageId)).toBe(0);
});

it("counts inputs as handled only once what they had decided is published after a fault", async () => {
  const messageId = randomUUID();
  let isAway = true;
  const { own, topicsOf } = watched(() => isAway);
  await expect(advance([requestOf(messageId)], own)).rejects.toThrow(RetriableError);
  expect(await outboxCount(messageId)).toBe(1);
  isAway = false;
  await advance([requestOf(messageId)], own);
  expect(topicsOf(messageId)).toEqual(["message-journal", "dispatch-whatsapp"]);
  expect(await outboxCount(messageId)).toBe(0);
});

it("counts inputs as handled only once a commit is published that it had taken for lost", async () => {
  const messageId = randomUUID();
  const { own, topicsOf } = watched();
  const stuck: (() => Promise<unknown>)[] = [];
  let commitCount = 0;
  const commit: Flow["store"]["commit"] = async (shard, transitions) => {
    commitCount += 1;
    if (commitCount === 1) {
      stuck.push(() => flow.store.commit(shard, transitions));
      throw new RetriableError("Redis did not answer in time.");
    }
    // It was only slow: the outbox was looked at, and was empty, before Redis carries it out.
    await stuck.pop()?.();
    return flow.store.commit(shard, transitions);
  };
  const process = { ...own, store: { ...flow.store, commit } };
  await expect(advance([requestOf(messageId)], process)).rejects.toThrow(RetriableError);
  await advance([requestOf(messageId)], process);
  // The repeat met a conflict and decided nothing more: the entry is the lost commit's.
  expect(commitCount).toBe(2);
  expect(topicsOf(messageId)).toEqual(["message-journal", "dispatch-whatsapp"]);
  expect(await outboxCount(messageId)).toBe(0);
}, 60_000);

it("counts a repeat as handled only once it is published what another process decided of it", async () => {
  const messageId = randomUUID();
  // Its session has ended, and it does not know: it has committed, and is about to publish.
  const former = watched(() => true);
  await expect(advance([requestOf(messageId)], former.own)).rejects.toThrow(RetriableError);
  const { own, topicsOf } = watched();
  await advance([requestOf(messageId)], own);
  expect(topicsOf(messageId)).toEqual(["message-journal", "dispatch-whatsapp"]);
  expect(await outboxCount(messageId)).toBe(0);
});

it("decides again what Redis gets late, so that a wait begins when it is stored", async () => {
  const messageId = randomUUID();
  const sent: number[] = [];
  const commit: Flow["store"]["commit"] = async (epoch, transitions) => {
    if (sent.length === 0) await new Promise((resolve) => setTimeout(resolve, 1_000));
    sent.push(Date.now());
    return flow.store.commit(epoch, transitions);
  };
  const { own, topicsOf } = watched();
  await advance([requestOf(messageId)], { ...own, store: { ...flow.store, commit } });
  const entry = await stored(messageId);
  expect(entry).toMatchObject({ version: 1 });
  expect(entry!.at).toBeGreaterThanOrEqual(sent[0]!);
  expect(entry!.state.attempts[0]!.deadlineAt).toBe(entry!.at + 60_000);
  expect(topicsOf(messageId)).toEqual(["message-journal", "dispatch-whatsapp"]);
});

it("publishes what a dead process left, with the newest state in the journal", async () => {
  const messageId = randomUUID();
  const shard = flow.store.shardOf(messageId);
  const dead = watched(() => true);
  await expect(advance([requestOf(messageId)], dead.own)).rejects.toThrow(RetriableError);
  // Another process moves the message on before anyone looks at the outbox.
  await advance([reportOf(messageId, "DELIVERED")], flow);
  const { own, topicsOf, published } = watched();
  expect(await drainAbandoned(shard, own)).toBe(0);
  await expect.poll(() => drainAbandoned(shard, own)).toBe(1);
  expect(topicsOf(messageId)).toEqual(["message-journal", "dispatch-whatsapp"]);
  const journal = published.find(({ topic }) => topic === "message-journal");
  expect(decodeOwn("journal-entry", journal?.value as Buffer).version).toBe(2);
  expect(await outboxCount(messageId)).toBe(0);
});

it("publishes what a dead process left once, however many wait for it", async () => {
  const messageId = randomUUID();
  const shard = flow.store.shardOf(messageId);
  await expect(advance([requestOf(messageId)], watched(() => true).own)).rejects.toThrow(
    RetriableError,
  );
  const { own, topicsOf } = watched();
  await expect.poll(abandonedCount).toBe(1);
  await Promise.all(Array.from({ length: 20 }, () => advance([requestOf(messageId)], own)));
  expect(topicsOf(messageId)).toEqual(["message-journal", "dispatch-whatsapp"]);

  async function abandonedCount() {
    const options = { countMax: 100, minAgeMs: 5_000 };
    return (await flow.store.readOutbox(shard, options)).entries.length;
  }
});

it("ends a request of an unknown account as rejected, with its code", async () => {
  const messageId = randomUUID();
  const { own, published } = watched();
  await advance([requestOf(messageId, "nobody")], own);
  const outcome = published.find(({ topic }) => topic === "message-outcomes");
  expect(decodeOwn("message-outcome", outcome?.value as Buffer)).toMatchObject({
    outcome: "REJECTED",
    code: "unknown-account",
    revision: 1,
    attempts: [],
  });
});

it("keeps an account's hands off another account's message", async () => {
  const messageId = randomUUID();
  await advance([requestOf(messageId)], flow);
  await advance([cancelOf(messageId, "other")], flow);
  expect(await stored(messageId)).toMatchObject({ accountId: "demo", state: { phase: "RUNNING" } });
});

it("remembers a cancel that overtakes its request, of the same account only", async () => {
  const [own, foreign] = [randomUUID(), randomUUID()];
  await advance([cancelOf(own, "demo"), cancelOf(foreign, "other")], flow);
  await advance([requestOf(own), requestOf(foreign)], flow);
  expect(await stored(own)).toMatchObject({ state: { outcome: "CANCELED", attempts: [] } });
  expect(await stored(foreign)).toMatchObject({ accountId: "demo", state: { phase: "RUNNING" } });
});

// What is made of a request is larger than the request: it must never be too large for Kafka, or
// one sender's record would end every process that reads it.
it("carries out the largest request that Kafka takes", async () => {
  const largest = await publishLargest();
  await advance([largest], flow);
  const { messageId } = largest;
  const { messages } = await flow.store.load(flow.store.shardOf(messageId), [messageId]);
  expect(messages[0]!.version).toBe(1);
}, 60_000);

/** Makes requests smaller and smaller, until a topic of the broker's own limits takes one. */
async function publishLargest(): Promise<MessageInput> {
  const topic = `largest-${randomUUID()}`;
  await createTopics({ brokers }, [
    { name: topic, partitions: 1, replicationFactor: 1, config: {} },
  ]);
  for (let charCount = 1_398_000; ; charCount -= 50) {
    const input = requestOf(randomUUID());
    if (input.type !== "SendRequest") throw new Error("A request is one.");
    const { messageId, request } = input;
    // Random text, because the limit is one of compressed bytes.
    request.content.text = randomBytes(charCount).toString("base64").slice(0, charCount);
    const bytes = flow.contracts.sendRequest.encode(request);
    const publishing = flow.producer.publish([{ topic, key: messageId, value: bytes }]);
    if (await publishing.then(() => true).catch(() => false)) return { ...input, bytes };
  }
}
