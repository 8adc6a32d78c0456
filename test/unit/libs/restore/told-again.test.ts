// What is told once more after Redis was lost: outcomes that nobody has told, and commands that nobody has
// answered, of attempts that were left meanwhile. Invariants: what was told stays the only word under its
// revision; what another writer's newer record hides is told, too.
import { pino } from "pino";
import { expect, it } from "vitest";
import type { JournalEntry } from "#libs/contracts/generated/types.ts";
import { dispatchTopic, topics } from "#libs/contracts/topics.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import { headerNames } from "#libs/kafka/headers.ts";
import { deadLettersTold } from "#libs/kafka/lately-told.ts";
import type { OutgoingRecord, Sendable } from "#libs/kafka/ports.ts";
import type { Span } from "#libs/kafka/span-reader.ts";
import type { StoredRecord } from "#libs/kafka/stored-record.ts";
import { encodeOutbox } from "#libs/message-flow/outbox.ts";
import type { Publishing } from "#libs/message-flow/publish-entry.ts";
import { publishCommandsAgain, publishLeftCommands } from "#libs/restore/commands-again.ts";
import { outcomesTeller } from "#libs/restore/outcomes-again.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { entryAfter, report, START, sent, step, tick } from "#test/support/journal-entry.ts";
import { memoryContracts } from "#test/support/simulation/memory-contracts.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const contracts = memoryContracts();
const request = contracts.sendRequest.encode(storedRequest());

function publishing() {
  const published: Sendable[] = [];
  const publish = async (records: readonly Sendable[]) => void published.push(...records);
  const producer = { publish, [Symbol.asyncDispose]: async () => undefined };
  const told = { letters: deadLettersTold(), log: pino({ level: "silent" }) };
  return { flow: { contracts, producer, ...told } as unknown as Publishing, published };
}

function stored(topic: "journal" | "outcomes", value: Buffer): StoredRecord {
  const place = { partition: 0, offset: 0, timestamp: START, headers: {}, unreadable: null };
  return { ...place, key: topic, value, header: () => undefined };
}

/** As the journal has it after `inputs`. */
function recordAfter(inputs: FallbackInput[]): StoredRecord {
  const entry: JournalEntry = { ...entryAfter(inputs), request };
  return stored("journal", contracts.journalEntry.encode(entry));
}

type Known = { told?: Sendable[]; toldAtMs?: number; held?: Sendable[] };

/** Tells of what was decided in the story's minute; `told` is on Kafka already, `held` in an outbox. */
async function toldAgain(
  records: StoredRecord[],
  { told = [], toldAtMs = START, held = [] }: Known = {},
) {
  const { flow, published } = publishing();
  const settings = demoView();
  const openReader = async () => ({
    partitionCount: 1,
    spansSince: async (sinceMs: number) =>
      toldAtMs < sinceMs ? [] : [{ partition: 0, from: 0, end: told.length }],
    read: async (spans: readonly Span[], handle: (some: StoredRecord[]) => Promise<void>) =>
      handle(spans.length === 0 ? [] : told.map(({ value }) => stored("outcomes", value!))),
    [Symbol.asyncDispose]: async () => undefined,
  });
  const outbox = encodeOutbox(held as OutgoingRecord[]);
  const messages = [{ messageId: "m", version: 1, outbox }];
  const odd = { ...messages[0]!, outbox: Buffer.from("no records") };
  const entry = { entryId: "1-1", ageMs: 0, counter: 1, messages: [odd, ...messages] };
  async function* outboxes() {
    yield [{ entryId: "1-0", ageMs: 0, fault: "odd", bytes: Buffer.alloc(0) }, entry];
  }
  await outcomesTeller(START, { ...flow, settings, openReader, outboxes })(records);
  const letters = published.filter(({ topic }) => topic !== topics.messageOutcomes.name);
  const outcomes = published.filter((one) => !letters.includes(one));
  const values = outcomes.map(({ value }) => contracts.messageOutcome.read([value!]));
  const read = (await Promise.all(values)).flat();
  const words = read.map((one) => (one instanceof Error ? one : one.value));
  return { published: outcomes, words, letters };
}

const single = [sent([step("sms", 20_000, "DELIVERED")])];
const ended = [...single, tick(20_000)];
const amended = [...ended, report(0, "DELIVERED", 21_000)];

it("tells an outcome that only a newer record of another writer shows", async () => {
  const { words } = await toldAgain([recordAfter(amended)]);
  expect(words).toMatchObject([
    { revision: 1, outcome: "UNCONFIRMED" },
    { revision: 2, outcome: "SUCCEEDED" },
  ]);
});

it("tells each outcome by its own record where the journal has it, and once", async () => {
  const [first, both] = [recordAfter(ended), recordAfter(amended)];
  const alone = await toldAgain([first]);
  const { published, words } = await toldAgain([first, both, both]);
  expect(words).toMatchObject([{ revision: 1 }, { revision: 2 }]);
  expect(published[0]).toEqual(alone.published[0]);
});

it("leaves out what was told", async () => {
  const before = await toldAgain([recordAfter(ended)]);
  const { words } = await toldAgain([recordAfter(amended)], { told: before.published });
  expect(words).toMatchObject([{ revision: 2 }]);
});

it("leaves out what was told by a clock that is ten seconds behind, and looks no further back", async () => {
  const { published: told } = await toldAgain([recordAfter(ended)]);
  const within = await toldAgain([recordAfter(ended)], { told, toldAtMs: START - 10_000 });
  const before = await toldAgain([recordAfter(ended)], { told, toldAtMs: START - 10_001 });
  expect([within, before].map(({ words }) => words.length)).toEqual([0, 1]);
});

it("leaves out what an outbox holds, which says it in the words of its own record", async () => {
  const before = await toldAgain([recordAfter(ended)]);
  const { words } = await toldAgain([recordAfter(amended)], { held: before.published });
  expect(words).toMatchObject([{ revision: 2 }]);
});

/** What stands behind the first event of its story is cut off, in part. */
function damaged(record: StoredRecord): StoredRecord {
  return { ...record, value: record.value!.subarray(0, -10) };
}

it("says that an outcome may not have been told whose story cannot be read, unless it was", async () => {
  const { published, letters } = await toldAgain([
    damaged(recordAfter(ended)),
    recordAfter(single),
  ]);
  expect(published).toEqual([]);
  expect(letters).toMatchObject([
    { topic: "message-journal-dlt", value: damaged(recordAfter(ended)).value },
  ]);
  const { published: told } = await toldAgain([recordAfter(ended)]);
  const since = await toldAgain([damaged(recordAfter(ended)), damaged(recordAfter(single))], {
    told,
  });
  expect(since).toMatchObject({ published: [], letters: [] });
});

async function commandsFor(
  inputs: FallbackInput[],
  state = recordAfter(inputs).value,
): Promise<Sendable[]> {
  const { flow, published } = publishing();
  const read = async (_shard: number, ids: readonly string[]) => {
    const epoch = { shard: 0, token: "000001-aaaaaaaa former" };
    return {
      epoch,
      messages: ids.map((messageId) => ({ messageId, version: inputs.length, state })),
    };
  };
  const store = { read, unpublished: async () => new Map() };
  await publishLeftCommands(0, ["m-1"], { ...flow, store } as unknown as Publishing);
  return published;
}

it("publishes the commands again of attempts that were left without a word", async () => {
  const two = [sent([step("whatsapp", 20_000, "SENT"), step("sms", 20_000, "SENT")])];
  expect(await commandsFor(two)).toEqual([]);
  expect(await commandsFor([...two, tick(20_000)])).toMatchObject([
    { topic: dispatchTopic("whatsapp") },
  ]);
  const both = await commandsFor([...two, tick(20_000), tick(40_000)]);
  expect(both.map(({ topic }) => topic)).toEqual(["whatsapp", "sms"].map(dispatchTopic as never));
  for (const { value } of both) {
    const [read] = await contracts.dispatchCommand.read([value!]);
    expect(read).toMatchObject({ value: { mayBeCalled: true } });
  }
});

it("publishes the command again of a message whose story cannot be read to its end", async () => {
  const left = [...single, tick(20_000)];
  const [whole] = await commandsFor(left);
  expect(await commandsFor(left, damaged(recordAfter(left)).value)).toEqual([whole]);
});

it("publishes none for what was answered, if only by a word that says nothing", async () => {
  expect(await commandsFor([...single, report(0, "ACCEPTED", 100), tick(20_000)])).toEqual([]);
  expect(await commandsFor([...ended, report(0, "UNKNOWN", 21_000)])).toEqual([]);
});

type Kept = { inputs?: FallbackInput[]; isPublished: boolean; afterwards?: () => void };

/** A closed shard whose Redis has kept one message; `isPublished`: the journal has it, too. */
async function commandsOfKept({ inputs = single, isPublished, afterwards }: Kept) {
  const { flow, published } = publishing();
  const epoch = { shard: 0, token: "000001-aaaaaaaa former" };
  const state = recordAfter(inputs).value;
  const messages = [{ messageId: "m", version: 1, state }];
  let readCount = 0;
  const store = {
    scanTimers: async () => {
      return {
        epoch,
        cursor: "0",
        timers: inputs === single ? [{ messageId: "m", dueAt: 1 }] : [],
      };
    },
    readOutbox: async (_shard: number, { after }: { after?: string }) => {
      const entry = { entryId: "1-1", ageMs: 1, counter: 7, messages };
      return { epoch, entries: isPublished || after ? [] : [entry] };
    },
    read: async () => {
      if (readCount++ > 0) afterwards?.();
      return { epoch, counter: 7, beganAt: 0, messages };
    },
    unpublished: async () => new Map(isPublished ? [] : [["m", "1-1"]]),
  };
  const publish = publishCommandsAgain(0, { ...flow, store } as unknown as Publishing);
  await publish.catch(() => undefined);
  return published;
}

const topicsIn = (records: readonly Sendable[]) => records.map(({ topic }) => topic);

it("publishes what Redis alone has kept before its command, so that another loss takes neither", async () => {
  const told = await commandsOfKept({ isPublished: false });
  expect(topicsIn(told)).toEqual([topics.messageJournal.name, dispatchTopic("sms")]);
  expect(told[0]).toMatchObject({
    value: recordAfter(single).value,
    headers: { [headerNames.epoch]: "000001-aaaaaaaa", [headerNames.counter]: "7" },
  });
  expect(topicsIn(await commandsOfKept({ isPublished: true }))).toEqual([dispatchTopic("sms")]);
  const [command] = await contracts.dispatchCommand.read([told[1]!.value!]);
  expect(command).toMatchObject({ value: { mayBeCalled: true, epoch: "000001-aaaaaaaa" } });
});

it("publishes the command again of what ended without a word, which the outbox alone tells", async () => {
  const inputs = [...single, tick(20_000)];
  expect(topicsIn(await commandsOfKept({ inputs, isPublished: false }))).toEqual([
    topics.messageJournal.name,
    dispatchTopic("sms"),
  ]);
});

function lose(): never {
  throw new ShardClosedError(0, "");
}

it("publishes no command of what Redis lost while its journal record was on the way", async () => {
  expect(topicsIn(await commandsOfKept({ isPublished: false, afterwards: lose }))).toEqual([
    topics.messageJournal.name,
  ]);
});
