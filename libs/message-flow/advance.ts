// The one path that moves messages: load, decide, commit, publish, acknowledge. It may be repeated
// from any point: a transition is stored once (compare-and-set on the version), what it must tell
// the world lies in the outbox from the same instant on, and leaves it only once Kafka has it.
import type { Contracts } from "#libs/contracts/registry.ts";
import { RetriableError } from "#libs/errors.ts";
import type { FallbackRules } from "#libs/fallback/inputs.ts";
import { TRANSITION_COUNT_MAX } from "#libs/flow-store/commit.ts";
import type { FlowStore, StoredMessage, Transition } from "#libs/flow-store/ports.ts";
import type { OutgoingRecord, Producer } from "#libs/kafka/ports.ts";
import type { Settings } from "#libs/settings/account.ts";
import type { MessageInput } from "./message-input.ts";
import { conflictCount, observe } from "./metrics.ts";
import { encodeOutbox } from "./outbox.ts";
import { publishEntry, settleShard } from "./publish-entry.ts";
import { journalRecord, recordsFor } from "./records.ts";
import { type CostChange, tellingOf } from "./telling.ts";
import { dueAfter, type Moved, transition } from "./transition.ts";

/** Two writers of one message take turns; more rounds than this mean that something else is wrong. */
const CONFLICT_ROUNDS_MAX = 20;
/**
 * State outlives every replay that Kafka's retention (7 days) allows, so that a replayed request
 * finds its message, whatever the age. Open messages are kept without limit.
 */
const KEEP_ENDED_MS = 8 * 24 * 3_600_000;

export type Flow = {
  store: FlowStore;
  producer: Producer;
  contracts: Contracts;
  settings: Settings;
  rules: FallbackRules;
  timeScale: number;
  /**
   * Shards on which a commit or a publish of this process failed half-way. What they hold in the
   * outbox must be out before the same inputs, which then decide nothing, may count as handled.
   */
  unsettled: Set<number>;
};

/**
 * Applies inputs to their messages, those of one message in the order given. Resolves once all that
 * they decide is stored and acknowledged by Kafka. Throws RetriableError when a dependency is away:
 * nothing is lost, the same inputs may be given again.
 */
export async function advance(inputs: readonly MessageInput[], flow: Flow): Promise<void> {
  await settle(flow);
  let open = groupByMessage(inputs);
  for (let round = 0; open.size > 0; round++) {
    if (round === CONFLICT_ROUNDS_MAX) {
      throw new RetriableError(`${open.size} messages were changed by others all the time.`);
    }
    const conflicts = await Promise.all(
      batchesByShard(open, flow.store).map((batch) => advanceBatch(batch, open, flow)),
    );
    open = new Map(conflicts.flat().map((messageId) => [messageId, open.get(messageId) ?? []]));
  }
}

async function settle(flow: Flow): Promise<void> {
  for (const shard of flow.unsettled) {
    await settleShard(shard, flow);
    flow.unsettled.delete(shard);
  }
}

type InputsOf = ReadonlyMap<string, readonly MessageInput[]>;
type Batch = { shard: number; messageIds: string[] };

function groupByMessage(inputs: readonly MessageInput[]): InputsOf {
  return Map.groupBy(inputs, (input) => input.messageId);
}

function batchesByShard(inputs: InputsOf, store: FlowStore): Batch[] {
  const shards = Map.groupBy(inputs.keys(), (messageId) => store.shardOf(messageId));
  return [...shards].flatMap(([shard, messageIds]) => {
    const count = Math.ceil(messageIds.length / TRANSITION_COUNT_MAX);
    return Array.from({ length: count }, (_, index) => {
      const from = index * TRANSITION_COUNT_MAX;
      return { shard, messageIds: messageIds.slice(from, from + TRANSITION_COUNT_MAX) };
    });
  });
}

/** Advances one shard's messages and returns those that another writer changed meanwhile. */
async function advanceBatch(
  { shard, messageIds }: Batch,
  inputs: InputsOf,
  flow: Flow,
): Promise<string[]> {
  const loaded = await flow.store.load(shard, messageIds);
  const moves = loaded.messages.flatMap((stored) => {
    return move(stored, inputs.get(stored.messageId) ?? [], { flow, shard, now: loaded.nowMs });
  });
  if (moves.length === 0) return [];
  try {
    return await carryOut(shard, moves, flow);
  } catch (error) {
    flow.unsettled.add(shard);
    throw error;
  }
}

async function carryOut(shard: number, moves: readonly Move[], flow: Flow): Promise<string[]> {
  const transitions = moves.map((one) => one.transition);
  const { conflicts, entryId, counter } = await flow.store.commit(shard, transitions);
  const lost = new Set(conflicts);
  conflictCount.inc(lost.size);
  const won = moves.filter((one) => !lost.has(one.transition.messageId));
  for (const { moved, costs } of won) observe(moved, costs);
  if (entryId === null) return conflicts;
  const messages = won.map(({ transition: { messageId, expectedVersion }, records }) => {
    return { messageId, version: expectedVersion + 1, records };
  });
  await publishEntry({ shard, entryId, counter, messages }, flow);
  return conflicts;
}

type Move = {
  moved: Moved;
  costs: CostChange | null;
  transition: Transition;
  records: OutgoingRecord[];
};
type Place = { flow: Flow; shard: number; now: number };

function move(stored: StoredMessage, inputs: readonly MessageInput[], place: Place): Move[] {
  const { flow, shard, now } = place;
  const { contracts, settings, timeScale, rules } = flow;
  const entry = stored.state && contracts.journalEntry.decode(stored.state);
  const context = { now, settings, timeScale, rules };
  const moved = transition(stored.messageId, entry, inputs, context);
  if (!moved) return [];
  const state = contracts.journalEntry.encode(moved.entry);
  const telling = tellingOf(moved, contracts, settings);
  const told = telling ? recordsFor(moved, telling, contracts) : [];
  const records = [...told, journalRecord(moved.entry, state, shard)];
  const costs = telling?.costs ?? null;
  return [{ moved, costs, records, transition: toTransition(moved, stored.version, state, told) }];
}

function toTransition(
  moved: Moved,
  expectedVersion: number,
  state: Buffer,
  told: readonly OutgoingRecord[],
): Transition {
  const dueAt = dueAfter(moved);
  return {
    messageId: moved.entry.messageId,
    expectedVersion,
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
