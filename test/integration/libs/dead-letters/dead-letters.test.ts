// Dead letters on a real broker: found in bounded work, put back once whoever asks, known for ever after.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Contracts } from "#libs/contracts/registry.ts";
import { deadLetterTopic, topics } from "#libs/contracts/topics.ts";
import {
  type DeadLetters,
  deadLetters,
  type LetterQuery,
} from "#libs/dead-letters/dead-letters.ts";
import { letterSources } from "#libs/dead-letters/letter.ts";
import { listLetters } from "#libs/dead-letters/list-letters.ts";
import { RetriableError } from "#libs/errors.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { headerNames } from "#libs/kafka/headers.ts";
import type { Producer } from "#libs/kafka/ports.ts";
import { connectTopicReader } from "#libs/kafka/topic-reader.ts";
import { brokers, kafka, newTopic } from "#test/support/kafka.ts";
import { startFlow } from "#test/support/test-flow.ts";
import { readTopic, type TopicReader } from "#test/support/topic-reader.ts";

const resources = new AsyncDisposableStack();
const cancels = topics.cancelRequests.name;
const asked = { by: "*/admin", force: false };
const within = { timeout: 30_000, interval: 50 };

let contracts: Contracts;
let producer: Producer;
/** As two processes have them. */
let desks: [DeadLetters, DeadLetters];
let replayed: TopicReader;

beforeAll(async () => {
  const flow = await startFlow(resources, pino({ level: "silent" }));
  contracts = flow.contracts;
  producer = resources.use(await connectProducer(kafka));
  desks = [openDesk(producer), openDesk(producer)];
  replayed = resources.use(await readTopic([...brokers], cancels));
});
afterAll(() => resources.disposeAsync());

function openDesk(sending: Producer): DeadLetters {
  return resources.use(deadLetters({ kafka, producer: sending, contracts }));
}

type Given = { topic?: string; value?: Buffer | null; headers?: Record<string, string> };

/** Sets a record aside as a consumer does; resolves with its key, by which it is found. */
async function setAside({ topic = cancels, headers = {}, ...given }: Given): Promise<string> {
  const key = randomUUID();
  const { value = cancelOf(key) } = given;
  const why = {
    [headerNames.deadStage]: "decide",
    [headerNames.deadReason]: `It cannot reach +6591234567 (${key}).`,
    [headerNames.deadOffset]: "5",
    [headerNames.deadTopic]: topic,
  };
  const letter = { topic: deadLetterTopic(topic), key: Buffer.from(key), value };
  await producer.publish([{ ...letter, headers: { ...why, ...headers } }]);
  return key;
}

function cancelOf(messageId: string): Buffer {
  const accountId = "demo";
  return contracts.cancelRequest.encode({
    messageId,
    accountId,
    reason: null,
    requestedAt: Date.now(),
  });
}

const everything: LetterQuery = {
  topics: letterSources,
  fromMs: 0,
  toMs: Number.MAX_SAFE_INTEGER,
  countMax: 200,
  before: new Map(),
  matches: () => true,
};

async function letterOf(key: string, desk = desks[0]) {
  const matches: LetterQuery["matches"] = (letter) => letter.key?.toString() === key;
  let next: LetterQuery["before"] | null = new Map();
  while (next) {
    const page = await desk.list({ ...everything, matches, before: next });
    if (page.letters[0]) return page.letters[0];
    next = page.next;
  }
  throw new Error(`There is no letter ${key}.`);
}

const sentOf = (key: string) => replayed.records.filter((each) => each.key === key);
const untilSent = (key: string, count: number) =>
  vi.waitFor(() => expect(sentOf(key)).toHaveLength(count), within);

it("tells the letters of all topics, newest first, each once over all pages", async () => {
  const keys: string[] = [];
  for (const topic of [cancels, "timer-ticks", "settings", cancels, "settings", "timer-ticks"]) {
    keys.unshift(await setAside({ topic }));
    // Of two letters of one millisecond in two topics nobody knows which is the newer.
    await sleep(2);
  }
  const matches: LetterQuery["matches"] = ({ key }) => keys.includes(String(key));
  const told: string[] = [];
  let next: LetterQuery["before"] | null = new Map();
  while (next) {
    const page = await desks[0].list({ ...everything, matches, before: next, countMax: 2 });
    expect(page.letters.length).toBeLessThanOrEqual(2);
    told.push(...page.letters.map(({ key }) => String(key)));
    next = page.next;
  }
  expect(told).toEqual(keys);
});

it("puts a record back as it came, with its headers and a count, and tells every process", async () => {
  const key = await setAside({ headers: { traceparent: "00-1-1-01" } });
  const { id } = await letterOf(key);
  expect(await desks[0].replay([id], asked)).toEqual([{ id, isDone: true, why: null }]);
  await untilSent(key, 1);
  expect(sentOf(key)[0]!.headers).toEqual({ traceparent: "00-1-1-01", "ft-replay-count": "1" });
  expect((await contracts.cancelRequest.read([sentOf(key)[0]!.value]))[0]).toMatchObject({
    value: { messageId: key },
  });
  expect((await letterOf(key, desks[1])).standing).toMatchObject({
    state: "REPLAYED",
    markedBy: "*/admin",
    replayCount: 1,
  });
  // A process that starts later reads it, too.
  expect((await letterOf(key, openDesk(producer))).standing.state).toBe("REPLAYED");
  const [again] = await desks[1].replay([id], asked);
  expect(again).toMatchObject({
    isDone: false,
    why: expect.stringContaining("It was put back at"),
  });
});

it("puts a letter back once, however many ask for it at the same time", async () => {
  const key = await setAside({});
  const { id } = await letterOf(key);
  const desksAndMore = [...desks, openDesk(producer), openDesk(producer)];
  const settled = await Promise.all(desksAndMore.map((desk) => desk.replay([id], asked)));
  const done = settled.flat().filter(({ isDone }) => isDone);
  expect(done).toHaveLength(1);
  for (const { why } of settled.flat().filter(({ isDone }) => !isDone)) {
    expect(why).toMatch(/somebody else|put back at|A replay began/i);
  }
  // Behind it on the topic is nothing of the same key.
  const fence = await setAside({});
  await desks[0].replay([(await letterOf(fence)).id], asked);
  await untilSent(fence, 1);
  expect(sentOf(key)).toHaveLength(1);
});

it("says of a replay that did not end that it may have been sent, and sends again with force", async () => {
  const key = await setAside({});
  let isAway = true;
  const failing: Producer = {
    ...producer,
    publish: (records) =>
      isAway && records.some(({ topic }) => topic === cancels)
        ? Promise.reject(new RetriableError("Kafka is away."))
        : producer.publish(records),
  };
  const desk = openDesk(failing);
  const { id } = await letterOf(key);
  await expect(desk.replay([id], asked)).rejects.toThrow(RetriableError);
  expect((await letterOf(key, desks[1])).standing.state).toBe("REPLAYING");
  isAway = false;
  const [refused] = await desk.replay([id], asked);
  expect(refused).toMatchObject({
    isDone: false,
    why: expect.stringContaining("may have been put"),
  });
  expect(await desk.replay([id], { ...asked, force: true })).toMatchObject([{ isDone: true }]);
  await untilSent(key, 1);
});

it("does not go on with a letter that comes back again and again, even without its headers", async () => {
  const key = await setAside({});
  const value = cancelOf(key);
  const letter = { topic: deadLetterTopic(cancels), key: Buffer.from(key), value, headers: {} };
  const ids: string[] = [];
  for (let round = 0; round < 4; round++) {
    await producer.publish([{ ...letter, headers: { [headerNames.deadOffset]: `${round}` } }]);
    ids.push((await letterOf(key)).id);
    const [settled] = await desks[round % 2]!.replay([ids[round]!], asked);
    expect(settled?.isDone).toBe(round < 3);
  }
  const [refused] = await desks[0].replay([ids[3]!], asked);
  expect(refused?.why).toContain("put back 3 times");
  expect(await desks[0].replay([ids[3]!], { ...asked, force: true })).toMatchObject([
    { isDone: true },
  ]);
});

it("drops a letter once and for all, and says which were not there", async () => {
  const key = await setAside({ value: null });
  const { id } = await letterOf(key);
  const unknown = "cancel-requests-dlt.0.99999999";
  const [dropped, missing] = await desks[0].drop([unknown, id], asked);
  expect([dropped, missing]).toMatchObject([
    { id, isDone: true },
    { id: unknown, isDone: false },
  ]);
  expect((await letterOf(key, desks[1])).standing.state).toBe("DROPPED");
  expect(await desks[1].drop([id], asked)).toMatchObject([{ isDone: true }]);
  expect(await desks[1].replay([id], asked)).toMatchObject([{ isDone: false }]);
});

it("shows what is known of the value, and no person's number", async () => {
  const known = await desks[0].find((await letterOf(await setAside({}))).id);
  expect(known?.value).toMatchObject({ schema: "cancel-request", json: { accountId: "demo" } });
  const raw = Buffer.from('{"to":"+6591234567"}');
  const odd = await desks[0].find((await letterOf(await setAside({ value: raw }))).id);
  expect(odd?.value).toEqual({ hex: Buffer.from('{"to":"+**********"}').toString("hex") });
  // The registry may yet learn of its schema, and is asked again; nobody waits for that here.
  const unsettled = Buffer.from([0, 0x00, 0x0f, 0x42, 0x3f, 1]);
  const early = await desks[0].find((await letterOf(await setAside({ value: unsettled }))).id);
  expect(early?.value).toEqual({ hex: unsettled.toString("hex") });
  expect(await desks[0].find("cancel-requests-dlt.0.99999999")).toBeNull();
  expect(await desks[0].find("nobody")).toBeNull();
});

it("looks at a bounded number of letters for a page, however rare what is asked for is", async () => {
  const topic = await newTopic();
  const count = 20_000;
  const letters = Array.from({ length: count }, (_, index) => ({
    topic: deadLetterTopic(topic),
    key: Buffer.from(String(index)),
    value: Buffer.from("x"),
    headers: {},
  }));
  // As many at a time as a consumer sets aside at once.
  while (letters.length > 0) await producer.publish(letters.splice(0, 500));
  await using reader = await connectTopicReader(kafka);
  let lookedAt = 0;
  const matches = ({ key }: { key: Buffer | null }) => {
    lookedAt += 1;
    return key?.toString() === "7";
  };
  const found: string[] = [];
  let pages = 0;
  let next: LetterQuery["before"] | null = new Map();
  while (next) {
    lookedAt = 0;
    const query = { ...everything, topics: [topic], before: next };
    const page = await listLetters({ ...query, matches }, reader);
    expect(lookedAt).toBeLessThanOrEqual(2_500);
    found.push(...page.letters.map(({ key }) => String(key)));
    pages += 1;
    next = page.next;
  }
  expect(found).toEqual(["7"]);
  expect(pages).toBeLessThanOrEqual(12);
});
