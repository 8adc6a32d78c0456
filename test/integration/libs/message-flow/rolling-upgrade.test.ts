// Version N and N+1 run side by side, and senders have schemas of their own: whoever wrote what lies on a
// topic, in the store or in the outbox, everybody reads it. The registry is real; N+1 is N with one
// more optional field in a request, a command and the journal, as CONTRIBUTING allows.
import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { compileSchema } from "#libs/contracts/avro-type.ts";
import { withinBounds } from "#libs/contracts/bounds.ts";
import { type Codec, readOne } from "#libs/contracts/codec.ts";
import type { RecordTypes, ReportStatus, SendRequest } from "#libs/contracts/generated/types.ts";
import { nothingOwn } from "#libs/contracts/own-of-step.ts";
import { recordCodec } from "#libs/contracts/record-codec.ts";
import { type Contracts, connectContracts } from "#libs/contracts/registry.ts";
import { registryClient } from "#libs/contracts/registry-client.ts";
import { readSchema, type SchemaName } from "#libs/contracts/schemas.ts";
import { subjectOf, topics } from "#libs/contracts/topics.ts";
import { writerSchemas } from "#libs/contracts/writer-schemas.ts";
import { RetriableError } from "#libs/errors.ts";
import { shardKeys } from "#libs/flow-store/keys.ts";
import type { Sendable } from "#libs/kafka/ports.ts";
import { advance } from "#libs/message-flow/advance.ts";
import type { ConnectedFlow } from "#libs/message-flow/connect-flow.ts";
import { drainAbandoned } from "#libs/message-flow/drain-outbox.ts";
import type { Flow } from "#libs/message-flow/flow.ts";
import type { MessageInput } from "#libs/message-flow/message-input.ts";
import { commitNow } from "#test/support/open-shards.ts";
import { storedRequest } from "#test/support/stored-request.ts";
import { startFlow } from "#test/support/test-flow.ts";

const log = pino({ level: "silent" });
const resources = new AsyncDisposableStack();
const registryUrl = String(process.env["SCHEMA_REGISTRY_URL"]);
const registry = registryClient(registryUrl);

let flow: ConnectedFlow;

beforeAll(async () => {
  flow = await startFlow(resources, log);
});

afterAll(() => resources.disposeAsync());

type Fields = { name: string }[];
/** What N+1 writes and N does not know. */
type Later = { addedLater: string };

/** A codec whose schema has other fields than ours, registered as every serialiser does it. */
async function otherCodec<S extends SchemaName>(
  { name, schema }: { name: string; schema: S },
  change: (fields: Fields) => Fields,
): Promise<Codec<RecordTypes[S]["decoded"], RecordTypes[S]["given"]>> {
  const ours: { fields: Fields } = JSON.parse(readSchema(schema));
  const text = JSON.stringify({ ...ours, fields: change(ours.fields) });
  const codec = recordCodec<RecordTypes[S]["decoded"], RecordTypes[S]["given"] & Later>({
    subject: subjectOf(name),
    type: compileSchema(text),
    schemaId: await registry.register(subjectOf(name), text),
    writers: writerSchemas(registry.findSchema),
    admit: (value, byteCount) => withinBounds(schema, value, byteCount),
  });
  return { ...codec, encode: (value) => codec.encode({ ...value, addedLater: "by N+1" }) };
}

const oneMore = (fields: Fields) => [
  ...fields,
  { name: "addedLater", type: ["null", "string"], default: null, doc: "What N does not know." },
];

/** A word in place of an old one may be read by nobody but those that know it. */
function withPhase(fields: Fields): Fields {
  const text = JSON.stringify(oneMore(fields));
  return JSON.parse(text.replace('"RECALLED"', '"RECALLED","PARKED"'));
}

/** A process that has just started: it has learnt nobody's schema. */
async function started(version: "N" | "N+1") {
  const contracts = await connectContracts({ registryUrl });
  const next = version === "N" ? {} : await nextContracts();
  const published: Sendable[] = [];
  let isAway = false;
  const producer = {
    async publish(records: readonly Sendable[]) {
      if (isAway) throw new RetriableError("Kafka is away");
      await flow.producer.publish(records);
      published.push(...records);
    },
    [Symbol.asyncDispose]: async () => {},
  };
  const own: Flow = {
    ...flow,
    producer,
    contracts: { ...contracts, ...next },
  };
  const valueOn = (topic: string, messageId: string) =>
    published.findLast((one) => one.topic === topic && one.key === messageId)?.value as Buffer;
  return { own, valueOn, lose: (now: boolean) => void (isAway = now) };
}

async function nextContracts(): Promise<Partial<Contracts>> {
  return {
    sendRequest: await otherCodec(topics.sendRequests, oneMore),
    journalEntry: await otherCodec(topics.messageJournal, oneMore),
    dispatchCommand: await otherCodec(topics.dispatchSms, oneMore),
  };
}

function newRequest(): SendRequest {
  const step = { sender: null, ttlSeconds: null, ...nothingOwn, onFailure: "NEXT" } as const;
  return storedRequest({
    messageId: randomUUID(),
    requestedAt: Date.now(),
    steps: [
      { ...step, channel: "whatsapp", waitSeconds: 60, wanted: "DELIVERED" },
      { ...step, channel: "sms", waitSeconds: 60, wanted: "DELIVERED" },
    ],
  });
}

/** What a consumer makes of the bytes on its topic. */
async function requested(bytes: Buffer, { contracts }: Flow): Promise<MessageInput> {
  const request = await readOne(contracts.sendRequest, bytes);
  const { messageId, accountId } = request;
  return { type: "SendRequest", messageId, accountId, request, faults: [], bytes, traceparent: "" };
}

function reported(messageId: string, attemptIndex: number, status: ReportStatus): MessageInput {
  const none = {
    providerMessageId: null,
    providerMessageIds: [],
    errorCode: null,
    errorClass: null,
    errorText: null,
  };
  const at = { segmentCount: null, charge: null, occurredAt: 0, receivedAt: 0 };
  const channel = attemptIndex === 0 ? "whatsapp" : "sms";
  const provider = `simulated-${channel}`;
  const what = { reportId: randomUUID(), messageId, attemptIndex, provider, channel };
  const report = {
    ...what,
    status,
    ...none,
    ...at,
    providerMessageIds: [],
    route: null,
    revocation: null,
  };
  return { type: "StatusReport", messageId, report, isOfAnother: false, isLinked: true };
}

it.each([
  ["N", "N+1"],
  ["N+1", "N"],
] as const)(
  "moves a message on that %s took and %s goes on with, there and back",
  async (...of) => {
    const [first, second] = [await started(of[0]), await started(of[1])];
    const request = newRequest();
    const { messageId } = request;
    // One sends, the other takes, and the first goes on with what lies in the store by now.
    const bytes = first.own.contracts.sendRequest.encode(request);
    await advance([await requested(bytes, second.own)], second.own);
    await advance([reported(messageId, 0, "FAILED")], first.own);
    const command = first.valueOn("dispatch-sms", messageId);
    expect(await readOne(second.own.contracts.dispatchCommand, command)).toMatchObject({
      messageId,
    });
    await advance([reported(messageId, 1, "DELIVERED")], second.own);
    const outcome = second.valueOn("message-outcomes", messageId);
    expect(await readOne(first.own.contracts.messageOutcome, outcome)).toMatchObject({
      outcome: "SUCCEEDED",
      channel: "sms",
    });
    const entry = second.valueOn("message-journal", messageId);
    expect(await readOne(first.own.contracts.journalEntry, entry)).toMatchObject({ version: 3 });
  },
);

it.each([
  ["N", "N+1"],
  ["N+1", "N"],
] as const)("publishes what a dead %s left in the outbox by %s", async (...of) => {
  const [dead, alive] = [await started(of[0]), await started(of[1])];
  const request = newRequest();
  const { messageId } = request;
  dead.lose(true);
  const bytes = dead.own.contracts.sendRequest.encode(request);
  const taking = advance([await requested(bytes, dead.own)], dead.own);
  await expect(taking).rejects.toThrow(RetriableError);
  await expect.poll(() => drainAbandoned(flow.store.shardOf(messageId), alive.own)).toBe(1);
  const entry = alive.valueOn("message-journal", messageId);
  expect(await readOne(alive.own.contracts.journalEntry, entry)).toMatchObject({ messageId });
  expect(alive.valueOn("dispatch-whatsapp", messageId)).toBeDefined();
});

it("lets a message alone wait whose state has a word that only N+1 knows, and goes on once N+1 has moved it", async () => {
  const { own, valueOn } = await started("N");
  const [parked, other] = [newRequest(), newRequest()];
  const taken = await Promise.all(
    [parked, other].map((one) => requested(own.contracts.sendRequest.encode(one), own)),
  );
  await advance(taken, own);
  const shard = own.store.shardOf(parked.messageId);
  const entry = await readOne(
    own.contracts.journalEntry,
    valueOn("message-journal", parked.messageId),
  );
  const store = (expectedVersion: number, state: Buffer) =>
    commitNow(own.store, shard, [
      {
        messageId: parked.messageId,
        expectedVersion,
        state,
        dueAt: Date.now() + 60_000,
        keepMs: null,
        outbox: Buffer.alloc(0),
      },
    ]);
  const newer = await otherCodec(topics.messageJournal, withPhase);
  const phase = { phase: "PARKED" } as object;
  await store(1, newer.encode({ ...entry, state: { ...entry.state, ...phase } }));

  const reports = [parked, other].map(({ messageId }) => reported(messageId, 0, "DELIVERED"));
  const moving = advance(reports, own);
  await expect(moving).rejects.toMatchObject({
    name: "WaitsAloneError",
    waitsFor: "a newer version of this program",
  });
  expect(valueOn("message-outcomes", other.messageId)).toBeDefined();
  expect(valueOn("message-outcomes", parked.messageId)).toBeUndefined();

  const firedAt = Date.now();
  const tick = { type: "TimerTick", messageId: parked.messageId, firedAt } as const;
  await expect(advance([tick], own)).rejects.toThrow("upgrade this process");
  const dueAt = await flow.redis.at("").zscore(shardKeys(shard).timers, parked.messageId);
  // Not lent for ever: others' timers of the shard would wait for it.
  expect(Number(dueAt)).toBeGreaterThanOrEqual(firedAt + 60_000);

  await store(2, own.contracts.journalEntry.encode(entry));
  await advance(reports, own);
  expect(valueOn("message-outcomes", parked.messageId)).toBeDefined();
});

it("carries out the request of a sender whose own schema has fewer fields, by processes that never saw it", async () => {
  const lean = await otherCodec(topics.sendRequests, (fields) =>
    fields.filter(({ name }) => name !== "clientBatchId"),
  );
  const request = newRequest();
  const { messageId } = request;
  const taker = await started("N");
  await advance([await requested(lean.encode(request), taker.own)], taker.own);
  const other = await started("N");
  await advance([reported(messageId, 0, "FAILED")], other.own);
  const another = await started("N");
  await advance([reported(messageId, 1, "DELIVERED")], another.own);
  const outcome = another.valueOn("message-outcomes", messageId);
  expect(await readOne(flow.contracts.messageOutcome, outcome)).toMatchObject({
    outcome: "SUCCEEDED",
  });
});

it("reads what a serialiser writes that says of each string which class it becomes, as Java's do", async () => {
  const javaString = { type: "string", "avro.java.string": "String" };
  const java = await otherCodec(topics.sendRequests, (fields) => {
    const text = JSON.stringify(fields).replaceAll(
      '"type":"string"',
      `"type":${JSON.stringify(javaString)}`,
    );
    return JSON.parse(text);
  });
  const request = newRequest();
  const { own } = await started("N");
  await advance([await requested(java.encode(request), own)], own);
  const { messages } = await own.store.load(own.store.shardOf(request.messageId), [
    request.messageId,
  ]);
  expect(messages[0]?.version).toBe(1);
});
