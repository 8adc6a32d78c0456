// Chunks of several partitions come with one answer of the broker, and each has a few messages of every shard. What
// reaches a shard at about the same time goes there together: a call of Redis and a send cost as much for one message.
import { setTimeout as sleep } from "node:timers/promises";
import { RetriableError } from "#libs/errors.ts";
import { TRANSITION_COUNT_MAX } from "#libs/flow-store/commit.ts";
import type { Failure } from "./failures.ts";
import type { Flow } from "./flow.ts";
import type { MessageInput } from "./message-input.ts";
import type { InputsOf } from "./prepare-moves.ts";

/** The partitions of one answer are decompressed and decoded within about as much. */
const JOIN_MS = 1;

export type Batch = { shard: number; messageIds: readonly string[] };

/** Messages that another writer changed meanwhile, or that Redis got late, and what could not be moved. */
export type Advanced = { conflicts: string[]; failures: Failure[] };

type Own = { flow: Flow; lateMs: number };
/** Never rejects. */
type Advance = (batch: Batch, inputs: InputsOf, own: Own) => Promise<Advanced>;

type Joint = {
  inputs: Map<string, readonly MessageInput[]>;
  batchCount: number;
  advanced: Promise<Advanced>;
};

const gathering = new WeakMap<Flow, Map<string, Joint>>();

/**
 * `advance` for a batch, with those of others that come within a moment. What is told is of its own messages: a bug that
 * was met by all together may be another batch's, and is met once more by whoever has it alone.
 */
export async function joinBatches(
  batch: Batch,
  inputs: InputsOf,
  own: Own,
  advance: Advance,
): Promise<Advanced> {
  const joint = jointFor(batch, own, advance);
  joint.batchCount++;
  for (const messageId of batch.messageIds)
    joint.inputs.set(messageId, inputs.get(messageId) ?? []);
  const { conflicts, failures } = await joint.advanced;
  if (joint.batchCount > 1 && failures.some(isBugOfAll)) return advance(batch, inputs, own);
  const isOwn = new Set<string | null>(batch.messageIds).add(null);
  return {
    conflicts: conflicts.filter((messageId) => isOwn.has(messageId)),
    failures: failures.filter(({ messageId }) => isOwn.has(messageId)),
  };
}

function isBugOfAll({ messageId, error }: Failure): boolean {
  return messageId === null && !(error instanceof RetriableError);
}

function jointFor({ shard, messageIds }: Batch, own: Own, advance: Advance): Joint {
  const open = gathering.get(own.flow) ?? new Map<string, Joint>();
  gathering.set(own.flow, open);
  const place = `${shard} ${own.lateMs}`;
  const known = open.get(place);
  if (known && hasRoom(known, messageIds)) return known;
  const inputs: Joint["inputs"] = new Map();
  const advanced = sleep(JOIN_MS).then(() => {
    if (open.get(place) === joint) open.delete(place);
    return advance({ shard, messageIds: [...inputs.keys()] }, inputs, own);
  });
  const joint: Joint = { inputs, batchCount: 0, advanced };
  open.set(place, joint);
  return joint;
}

/** Inputs of one message that come by two calls are decided one after the other, not in an order of ours. */
function hasRoom({ inputs }: Joint, messageIds: readonly string[]): boolean {
  if (inputs.size + messageIds.length > TRANSITION_COUNT_MAX) return false;
  return !messageIds.some((messageId) => inputs.has(messageId));
}
