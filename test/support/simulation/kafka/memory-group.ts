// A consumer group as its coordinator sees it: members, generations, sessions, offsets.
// https://kafka.apache.org/protocol#The_Messages_JoinGroup; the assignment is made here instead of by a
// leader, evenly and by the members' order, as kafkajs' own assigner does.
import { refusal } from "./kafka-error.ts";

export type Clock = {
  now(): number;
  /** Runs once, later; what it returns forgets it. */
  after(ms: number, run: () => void): () => void;
};

export const realClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
};

export type Assignment = Record<string, number[]>;
export type Joined = { memberId: string; generation: number; assignment: Assignment };
export type Joining = {
  /** Empty for a newcomer. */
  memberId: string;
  topics: readonly string[];
  sessionMs: number;
  rebalanceMs: number;
};

type Member = Joining & { seenAt: number; join: ((joined: Joined) => void) | null };

/** Members that come at once are in the group's first generation together. */
const FIRST_REBALANCE_MS = 50;

export class MemoryGroup {
  /** By topic/partition: the next offset to be read. */
  readonly offsets = new Map<string, number>();
  /** Hears of every offset that is committed. */
  onCommit: (place: string, offset: number) => void = () => undefined;
  generation = 0;
  readonly #members = new Map<string, Member>();
  /** Who waits at the broker meanwhile hears of a group that is dealt out anew. */
  readonly rebalanced = new Set<() => void>();
  readonly #clock: Clock;
  readonly #partitionsOf: (topic: string) => number;
  #memberCount = 0;
  #isJoining = false;
  #endJoining: () => void = () => undefined;

  constructor(clock: Clock, partitionsOf: (topic: string) => number) {
    this.#clock = clock;
    this.#partitionsOf = partitionsOf;
  }

  get isJoining(): boolean {
    return this.#isJoining;
  }

  describe() {
    const members = [...this.#members.keys()].map((memberId) => ({ memberId }));
    const state = this.#isJoining ? "PreparingRebalance" : "Stable";
    return { state: members.length === 0 ? "Empty" : state, members };
  }

  /** Resolves once the group is dealt out. Rejects with UNKNOWN_MEMBER_ID. */
  join(joining: Joining): Promise<Joined> {
    const { memberId } = joining;
    if (memberId !== "" && !this.#members.has(memberId)) throw refusal("UNKNOWN_MEMBER_ID");
    const id = memberId === "" ? `member-${++this.#memberCount}` : memberId;
    const isFirst = this.#members.size === 0;
    const promise = new Promise<Joined>((resolve) => {
      const seenAt = this.#clock.now();
      this.#members.set(id, { ...joining, memberId: id, seenAt, join: resolve });
    });
    this.#watch(id);
    this.#beginJoining(isFirst);
    this.#completeIfAll();
    return promise;
  }

  heartbeat(memberId: string, generation: number): void {
    const member = this.#memberOf(memberId, generation);
    member.seenAt = this.#clock.now();
    if (this.#isJoining) throw refusal("REBALANCE_IN_PROGRESS");
  }

  /** While the group is dealt out anew, the generation before may still commit. */
  commit(memberId: string, generation: number, offsets: readonly [string, number][]): void {
    const member = this.#memberOf(memberId, generation);
    member.seenAt = this.#clock.now();
    for (const [place, offset] of offsets) {
      this.onCommit(place, offset);
      this.offsets.set(place, offset);
    }
  }

  leave(memberId: string): void {
    if (this.#members.delete(memberId)) this.#beginJoining(false);
    this.#completeIfAll();
  }

  #memberOf(memberId: string, generation: number): Member {
    const member = this.#members.get(memberId);
    if (!member) throw refusal("UNKNOWN_MEMBER_ID");
    if (generation !== this.generation) throw refusal("ILLEGAL_GENERATION");
    return member;
  }

  #beginJoining(isFirst: boolean): void {
    if (this.#isJoining) return;
    this.#isJoining = true;
    for (const hear of this.rebalanced) hear();
    const longest = Math.max(
      0,
      ...[...this.#members.values()].map(({ rebalanceMs }) => rebalanceMs),
    );
    const waitMs = isFirst ? FIRST_REBALANCE_MS : longest;
    this.#endJoining = this.#clock.after(waitMs, () => this.#complete());
  }

  #completeIfAll(): void {
    const members = [...this.#members.values()];
    const isFirst = this.generation === 0;
    if (this.#isJoining && !isFirst && members.every(({ join }) => join !== null)) this.#complete();
  }

  /** Who has not joined by now is no member any more. */
  #complete(): void {
    this.#endJoining();
    this.#isJoining = false;
    for (const [id, { join }] of this.#members) if (join === null) this.#members.delete(id);
    this.generation += 1;
    const assignments = this.#deal();
    for (const [id, member] of this.#members) {
      const join = member.join;
      member.join = null;
      member.seenAt = this.#clock.now();
      join?.({ memberId: id, generation: this.generation, assignment: assignments.get(id) ?? {} });
    }
  }

  #deal(): Map<string, Assignment> {
    const members = [...this.#members.values()].toSorted((a, b) =>
      a.memberId < b.memberId ? -1 : 1,
    );
    const dealt = new Map<string, Assignment>(members.map(({ memberId }) => [memberId, {}]));
    const topics = [...new Set(members.flatMap((member) => member.topics))].toSorted();
    let turn = this.generation;
    for (const topic of topics) {
      const takers = members.filter((member) => member.topics.includes(topic));
      for (let partition = 0; partition < this.#partitionsOf(topic); partition++) {
        const taker = takers[turn++ % takers.length];
        const assignment = taker && dealt.get(taker.memberId);
        if (assignment) (assignment[topic] ??= []).push(partition);
      }
    }
    return dealt;
  }

  /** A member that says nothing for its session is none; one that waits for the others is alive. */
  #watch(memberId: string): void {
    const member = this.#members.get(memberId);
    if (!member) return;
    const leftMs = member.join
      ? member.sessionMs
      : member.seenAt + member.sessionMs - this.#clock.now();
    if (leftMs <= 0) return this.leave(memberId);
    this.#clock.after(leftMs, () => {
      if (this.#members.get(memberId) === member) this.#watch(memberId);
    });
  }
}
