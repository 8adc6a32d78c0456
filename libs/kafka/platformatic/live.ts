// The life of a member: it joins, reads until the group moves on, and joins again.
import { setTimeout as sleep } from "node:timers/promises";
import type { Base } from "@platformatic/kafka";
import type { Bell } from "#libs/bell.ts";
import { UNHURRIED_BYTES_MIN } from "../group-pace.ts";
import type { Batch, Partitions, ReaderOptions } from "../reader.ts";
import { startBeats } from "./beats.ts";
import type { Group } from "./group.ts";
import { startsOf } from "./offsets.ts";
import { createPart, type Part } from "./part.ts";
import { isOfGroup, mayPass } from "./platformatic-faults.ts";
import { read } from "./reading.ts";
import { takeFetched } from "./take-fetched.ts";

const FAULT_PAUSE_MS = 500;

export type State = {
  /** Of the assignment of now; another list after every one. */
  parts: readonly Part[];
  partitions: Partitions;
  isConsuming: boolean;
};

export type Member = {
  options: ReaderOptions;
  group: Group;
  client: Base;
  fetching: Base;
  bell: Bell;
  state: State;
  closing: AbortSignal;
  handle: (batch: Batch) => Promise<void>;
};

/** Resolves once it is closed, or cannot go on, and nothing is in hand. `onJoined` is called at the first try's end. */
export async function live(member: Member, onJoined: () => void): Promise<void> {
  const { options, state, closing } = member;
  while (!isEnding(member)) {
    try {
      await liveOnce(member, onJoined);
    } catch (error) {
      if (isEnding(member)) break;
      // A group that is just being dealt out still has a place for it.
      if (!isOfGroup(error)) state.isConsuming = false;
      if (!isOfGroup(error) && !mayPass(error)) {
        options.onFatal(error);
        break;
      }
      tell(error, options);
      onJoined();
      await sleep(FAULT_PAUSE_MS, undefined, { signal: closing }).catch(() => undefined);
    }
  }
  state.isConsuming = false;
  onJoined();
}

/** One generation of the group. */
async function liveOnce(member: Member, onJoined: () => void): Promise<void> {
  const { options, group, client, bell, state } = member;
  const membership = await group.join();
  using beats = startBeats(() => group.beat(membership), bell.ring);
  const starts = await startsOf(membership, group, client);
  const { partitions } = membership;
  Object.assign(state, { parts: starts.map(createPart), partitions, isConsuming: true });
  onJoined();
  const isOver = () => isEnding(member) || beats.isRebalancing() || beats.isLost();
  const isCurrent = () => state.partitions === partitions;
  const onFault = (error: unknown) => tell(error, options);
  const { isHeld, onLoss, topics } = options;
  const taking = { ...member, membership, beats, isOver, isCurrent, isHeld, onLoss, onFault };
  const take = (part: Part, fetched: Parameters<typeof takeFetched>[1]) =>
    takeFetched(part, fetched, taking);
  const bytesMin = options.isUnhurried ? UNHURRIED_BYTES_MIN : 1;
  await read({ ...member, parts: state.parts, topics, bytesMin, isOver, take, onFault });
}

function isEnding({ options, closing }: Pick<Member, "options" | "closing">): boolean {
  return options.stopping.aborted || closing.aborted;
}

function tell(error: unknown, { kafka, groupId }: ReaderOptions): void {
  kafka.log.warn({ err: error, groupId }, "a consumer waits for Kafka");
}
