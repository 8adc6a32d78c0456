// What is to be stored and published of some messages of one shard. Each message is by itself here:
// what cannot be read, decided or encoded of one is told of it, and holds up no other.
import { readEach, valueOf } from "#libs/contracts/codec.ts";
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { readStored, type StoredEntry } from "#libs/contracts/journal-rescue.ts";
import { inStage, type Stage } from "#libs/errors.ts";
import { type Epoch, epochName } from "#libs/flow-store/epoch.ts";
import type { LoadedShard, StoredMessage, TimerPlace, Transition } from "#libs/flow-store/ports.ts";
import type { OutgoingRecord } from "#libs/kafka/ports.ts";
import type { Failure } from "./failures.ts";
import { assertFit } from "./fit.ts";
import { fitStory } from "./fit-story.ts";
import type { Flow } from "./flow.ts";
import type { MessageInput } from "./message-input.ts";
import { encodeOutbox } from "./outbox.ts";
import { deadState } from "./publish-entry.ts";
import { journalRecord, recordsFor } from "./records.ts";
import { setAside } from "./set-aside.ts";
import { type CostChange, keptRequest, tellingOf } from "./telling.ts";
import { dueAfter, type Moved, transition } from "./transition.ts";

/**
 * State outlives every replay that Kafka's retention (7 days) allows, so that a replayed request
 * finds its message, whatever the age. Open messages are kept without limit.
 */
export const KEEP_ENDED_MS = 8 * 24 * 3_600_000;

export type InputsOf = ReadonlyMap<string, readonly MessageInput[]>;

/** One message's transition, ready to be written, and the records that tell of it. */
export type Move = {
  moved: Moved;
  costs: CostChange | null;
  transition: Transition;
  records: OutgoingRecord[];
};

/** `lateMs`: how long after its instant a decision may be stored. */
type Preparing = { flow: Flow; lateMs: number; failures: Failure[] };

/**
 * The moves, and where the timers of messages belong for which nothing is decided. Adds to `failures`
 * what cannot be moved. Throws RetriableError without a registry, or where Kafka takes no dead letter.
 */
export async function prepareMoves(
  { epoch, messages, nowMs, apartMs }: LoadedShard,
  inputs: InputsOf,
  { flow, lateMs, failures }: Preparing,
): Promise<{ moves: Move[]; unmoved: TimerPlace[] }> {
  const context = { ...flow, now: nowMs, apartMs };
  const loaded = await readStored(messages, ({ state }) => state, flow.contracts);
  const stored = each(
    loaded.map(toNamed),
    { stage: "read", failures },
    ({ item, entry, fault }) => {
      if (fault && !entry) throw fault;
      return { ...item, entry, fault };
    },
  );
  const told = each(stored, { stage: "decide", failures }, ({ entry, ...one }) => {
    const moved = transition(one.messageId, entry, inputs.get(one.messageId) ?? [], context);
    const dueAt = entry && dueAfter(entry);
    return { ...one, moved, dueAt };
  });
  const decided = told.flatMap(({ moved, ...one }) => (moved ? [{ ...one, moved }] : []));
  await keepRest(decided, flow);
  const kept = await readEach(
    decided,
    ({ moved }) => keptRequest(moved),
    flow.contracts.sendRequest,
  );
  const moves = each(kept.map(toNamed), { stage: "encode", failures }, ({ item, read }) => {
    const request = item.moved.taken ?? (read && valueOf(read));
    return toMove(item, request, { flow, epoch, lateMs });
  });
  return { moves, unmoved: told.filter(({ moved }) => moved === null) };
}

function toNamed<Item extends { messageId: string }, Rest>(one: Rest & { item: Item }) {
  return { ...one, messageId: one.item.messageId };
}

/** Does something for each message; one for which it throws is a failure of its own. */
function each<From extends { messageId: string }, To>(
  all: readonly From[],
  { stage, failures }: { stage: Stage; failures: Failure[] },
  work: (one: From) => To,
): To[] {
  return all.flatMap((one) => {
    try {
      return [inStage(stage, () => work(one))];
    } catch (error) {
      failures.push({ messageId: one.messageId, error });
      return [];
    }
  });
}

type Rescued = StoredMessage & Pick<StoredEntry<unknown>, "fault">;

/** What is stored next no longer has what nobody can read: until then it is in Redis as it was. */
async function keepRest(decided: readonly Rescued[], flow: Flow): Promise<void> {
  for (const { messageId, state, fault } of decided) {
    if (!fault || !state) continue;
    const reason = `The message goes on with the first event of its story alone: ${fault.message}`;
    await setAside(deadState({ messageId, state }, reason), flow);
  }
}

type Decided = { moved: Moved; version: number };

function toMove(
  { moved, version }: Decided,
  request: SendRequest | null,
  { flow, epoch, lateMs }: Pick<Preparing, "flow" | "lateMs"> & { epoch: Epoch },
): Move {
  const { contracts, settings } = flow;
  const { state, isCut } = fitStory(moved.entry, contracts.journalEntry);
  if (isCut) flow.log.warn({ messageId: moved.entry.messageId }, "a story is too long and is cut");
  const telling = tellingOf(moved, request, settings);
  const told = telling ? recordsFor(moved, telling, { contracts, epoch: epochName(epoch) }) : [];
  const records = [...told, journalRecord(moved.entry, state, epoch.shard)];
  assertFit(records);
  const costs = telling?.costs ?? null;
  const next = toTransition(moved, version, { state, told, lateMs });
  return { moved, costs, records, transition: next };
}

function toTransition(
  moved: Moved,
  expectedVersion: number,
  { state, told, lateMs }: { state: Buffer; told: readonly OutgoingRecord[]; lateMs: number },
): Transition {
  const dueAt = dueAfter(moved.entry);
  return {
    messageId: moved.entry.messageId,
    expectedVersion,
    storeBy: moved.entry.at + lateMs,
    state,
    dueAt,
    keepMs: dueAt === null ? KEEP_ENDED_MS : null,
    outbox: encodeOutbox(told),
    ...indexedBy(moved),
  };
}

/** A request from outside may say any instant: only one that has been is a place in a list. */
function indexedBy({ entry, taken }: Moved): Pick<Transition, "indexed"> {
  if (taken === null) return {};
  const at = Math.max(0, Math.min(taken.requestedAt, entry.at));
  return { indexed: { accountId: entry.accountId, at } };
}
