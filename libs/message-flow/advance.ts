// The one path that moves messages: load, decide, commit, publish, acknowledge. It may be repeated
// from any point: a transition is stored once (compare-and-set on the version), what it must tell
// the world lies in the outbox from the same instant on, and leaves it only once Kafka has it.
import { cutItems } from "#libs/cut-items.ts";
import { inStage, RetriableError } from "#libs/errors.ts";
import { TRANSITION_COUNT_MAX } from "#libs/flow-store/commit.ts";
import type { Epoch } from "#libs/flow-store/epoch.ts";
import type { FlowStore } from "#libs/flow-store/ports.ts";
import { isLimitCode } from "#libs/judgement/fault.ts";
import { type Failure, throwFailures } from "./failures.ts";
import type { Flow } from "./flow.ts";
import { type Advanced, type Batch, joinBatches } from "./join-batches.ts";
import type { MessageInput } from "./message-input.ts";
import { conflictCount, lateCommitCount, observe } from "./metrics.ts";
import { type InputsOf, type Move, prepareMoves } from "./prepare-moves.ts";
import { markJournal, publishEntry } from "./publish-entry.ts";
import { settleMessages } from "./settle-messages.ts";
import { settleTimers } from "./settle-timers.ts";
import { findTakenIds, tellTakenIds } from "./taken-ids.ts";
import type { Moved } from "./transition.ts";

/** Two writers of one message take turns; more rounds than this mean that something else is wrong. */
const CONFLICT_ROUNDS_MAX = 20;

/**
 * A wait counts from its decision. So one that Redis, which may stand still meanwhile, gets later than this is made
 * again: `PROMPT_ROUNDS` times, as it may stand still twice in a row. Each further round has twice as long, up to 2^5
 * times: a machine that is this slow by itself gets through.
 */
const LATE_MS = 400;
const PROMPT_ROUNDS = 4;
const DOUBLINGS_MAX = 5;

/**
 * Applies inputs to their messages, those of one message in the order given. Resolves once all that
 * they decide is stored and acknowledged by Kafka. Each message, and each shard, is by itself: what
 * cannot be moved is told once the others are. Throws RetriableError when a dependency is away:
 * nothing is lost, the same inputs may be given again; StageError when a message cannot be moved by
 * what it is told.
 */
export async function advance(inputs: readonly MessageInput[], flow: Flow): Promise<void> {
  const failures: Failure[] = [];
  let open: InputsOf = Map.groupBy(inputs, (input) => input.messageId);
  for (let round = 0; open.size > 0; round++) {
    if (round === CONFLICT_ROUNDS_MAX) {
      throw new RetriableError(`${open.size} messages were changed by others all the time.`);
    }
    const doublings = Math.min(Math.max(0, round - PROMPT_ROUNDS + 1), DOUBLINGS_MAX);
    const lateMs = LATE_MS * 2 ** doublings;
    const advanced = await Promise.all(
      batchesByShard(open, flow.store).map((batch) =>
        joinBatches(batch, open, { flow, lateMs }, advanceBatch),
      ),
    );
    failures.push(...advanced.flatMap((one) => one.failures));
    const conflicts = advanced.flatMap((one) => one.conflicts);
    open = new Map(conflicts.map((messageId) => [messageId, open.get(messageId) ?? []]));
  }
  throwFailures(failures);
}

function batchesByShard(inputs: InputsOf, store: FlowStore): Batch[] {
  const shards = Map.groupBy(inputs.keys(), (messageId) => store.shardOf(messageId));
  return [...shards].flatMap(([shard, all]) =>
    cutItems(all, TRANSITION_COUNT_MAX).map((messageIds) => ({ shard, messageIds })),
  );
}

/** Advances one shard's messages. Never rejects: what a shard meets is no other shard's. */
async function advanceBatch(
  batch: Batch,
  inputs: InputsOf,
  own: Pick<CarryingOut, "flow" | "lateMs">,
): Promise<Advanced> {
  const failures: Failure[] = [];
  try {
    return { conflicts: await carryOutBatch(batch, inputs, { ...own, failures }), failures };
  } catch (error) {
    return { conflicts: [], failures: [...failures, { messageId: null, error }] };
  }
}

type CarryingOut = { flow: Flow; lateMs: number; failures: Failure[] };

async function carryOutBatch(
  { shard, messageIds }: Batch,
  inputs: InputsOf,
  { flow, lateMs, failures }: CarryingOut,
): Promise<string[]> {
  const loaded = await inStage("read", () => flow.store.load(shard, messageIds));
  const { moves, unmoved } = await prepareMoves(loaded, inputs, { flow, lateMs, failures });
  await settleTimers(loaded, { inputs, unmoved, failures }, flow);
  const taken = await findTakenIds(loaded, inputs, flow.contracts);
  const conflicts = moves.length === 0 ? [] : await carryOut(loaded.epoch, moves, flow);
  // Whose message it is may change with another writer: those are looked at again.
  const isOpen = new Set(conflicts);
  const settled = taken.filter(({ requested }) => !isOpen.has(requested.messageId));
  await tellTakenIds(settled, flow);
  const repeated = unmoved.filter(({ version }) => version > 0);
  const repeatedIds = repeated.map(({ messageId }) => messageId);
  failures.push(...(await settleMessages(loaded, repeatedIds, flow)));
  return conflicts;
}

async function carryOut(epoch: Epoch, moves: readonly Move[], flow: Flow): Promise<string[]> {
  const transitions = moves.map((one) => one.transition);
  const { conflicts, entryId, counter, lateCount } = await inStage("commit", () =>
    flow.store.commit(epoch, transitions),
  );
  const lost = new Set(conflicts);
  conflictCount.inc(lost.size);
  lateCommitCount.inc(lateCount);
  const won = moves.filter((one) => !lost.has(one.transition.messageId));
  for (const { moved, costs } of won) {
    observe(moved, costs);
    noteLimits(moved, flow);
  }
  if (entryId === null) return conflicts;
  const messages = won.map(({ transition: { messageId, expectedVersion }, records }) => {
    const marked = records.map((record) => markJournal(record, { epoch, counter }));
    return { messageId, version: expectedVersion + 1, records: marked };
  });
  await inStage("publish", () => publishEntry({ epoch, entryId, messages }, flow));
  return conflicts;
}

/** Once for each message: only what is stored is noted. */
function noteLimits({ events, entry: { accountId } }: Moved, { onLimited }: Flow): void {
  const faults = events.flatMap((event) => (event.type === "MESSAGE_ENDED" ? event.faults : []));
  const codes = faults.map(({ code }) => code).filter(isLimitCode);
  if (codes.length > 0) onLimited?.(accountId, [...new Set(codes)]);
}
