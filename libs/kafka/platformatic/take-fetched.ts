// What becomes of what was fetched of a partition: a batch for the handler, or a partition that goes on elsewhere.
import { setTimeout as sleep } from "node:timers/promises";
import { type Base, ProtocolError } from "@platformatic/kafka";
import type { Bell } from "#libs/bell.ts";
import { RetriableError } from "#libs/errors.ts";
import type { Batch, Place, ReaderOptions } from "../reader.ts";
import type { Beats } from "./beats.ts";
import type { Fetched } from "./fetch.ts";
import type { Group } from "./group.ts";
import { oldestOf } from "./offsets.ts";
import type { Part } from "./part.ts";
import type { Membership } from "./place-in-group.ts";
import { isOfGroup } from "./platformatic-faults.ts";
import { type Found, toMessages } from "./to-messages.ts";

/** As the protocol numbers its errors. */
const OUT_OF_RANGE = 1;
const FAULT_PAUSE_MS = 300;

export type Taking = Pick<ReaderOptions, "onLoss" | "isHeld"> & {
  membership: Membership;
  group: Group;
  client: Base;
  beats: Pick<Beats, "isLost" | "hear">;
  bell: Bell;
  /** True once nothing new is to be begun. */
  isOver: () => boolean;
  /** False in the next generation. */
  isCurrent: () => boolean;
  handle: (batch: Batch) => Promise<void>;
  onFault: (error: unknown) => void;
};

/** Resolves once what was fetched is handled. Throws nothing. */
export async function takeFetched(part: Part, fetched: Fetched, taking: Taking): Promise<void> {
  try {
    if (fetched.errorCode === OUT_OF_RANGE) await takeLoss(part, taking);
    else if (fetched.errorCode !== 0) throw new ProtocolError(fetched.errorCode);
    else await takeRecords(part, fetched, taking);
  } catch (error) {
    taking.onFault(error);
    await sleep(FAULT_PAUSE_MS);
    // As most faults are of who has led the partition.
    const { topic } = part;
    await taking.client.metadata({ topics: [topic], forceUpdate: true }).catch(() => undefined);
  }
}

async function takeLoss(part: Part, taking: Taking): Promise<void> {
  if (taking.isOver()) return;
  if (taking.onLoss({ topic: part.topic, partition: part.partition }) === "stop") {
    part.isStopped = true;
    return;
  }
  const oldest = await oldestOf(part, taking.client);
  part.next = oldest;
  await commit(part, String(oldest), taking);
}

async function takeRecords(part: Part, fetched: Fetched, taking: Taking): Promise<void> {
  const { next: from, seekCount } = part;
  const found = await toMessages(fetched, from);
  // It may have been sent elsewhere while they were decompressed.
  if (!found || taking.isOver() || part.seekCount !== seekCount) return;
  const batch = toBatch(part, { ...found, first: String(from) }, taking);
  if (found.messages.length > 0) return taking.handle(batch);
  // Aborted transactions and markers reach no handler, yet would be lag for ever. They come again with what waits before them.
  batch.resolve(found.last);
  if (!taking.isHeld(part)) await batch.commit(after(found.last));
}

function toBatch(part: Part, read: Found & { first: string }, taking: Taking): Batch {
  const { topic, partition, seekCount } = part;
  const isSentElsewhere = () => part.seekCount !== seekCount;
  return {
    topic,
    partition,
    ...read,
    isOver: () => taking.isOver() || isSentElsewhere(),
    isAssigned: () => taking.isCurrent() && !taking.beats.isLost(),
    commit: (offset) => commit(part, offset, taking),
    resolve(offset) {
      if (!isSentElsewhere()) part.next = Number(after(offset));
    },
    pause() {
      part.isPaused = true;
      return () => {
        part.isPaused = false;
        taking.bell.ring();
      };
    },
  };
}

async function commit(place: Place, offset: string, taking: Taking): Promise<boolean> {
  const { membership, group, beats } = taking;
  if (beats.isLost() || !taking.isCurrent()) return false;
  try {
    await group.commit(membership, place, offset);
  } catch (error) {
    beats.hear(error);
    if (isOfGroup(error)) return false;
    throw new RetriableError("Offsets are not committed", { cause: error });
  }
  return true;
}

function after(offset: string): string {
  return (BigInt(offset) + 1n).toString();
}
