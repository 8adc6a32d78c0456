// Random lives of messages for the decider's properties: what a message may be told, at the instants
// where an error of one millisecond would show. A life is built move by move against the state that
// the decider has reached, so that reports are about attempts that run and ticks come when it counts.
import * as fc from "fast-check";
import { decide } from "#libs/fallback/decide.ts";
import type { FallbackEvent, RequestFault } from "#libs/fallback/events.ts";
import { evolve } from "#libs/fallback/evolve.ts";
import type {
  FallbackInput,
  FallbackRules,
  SendRequestInput,
  StatusReportInput,
} from "#libs/fallback/inputs.ts";
import { initialState, type MessageState, type Step, timerDueAt } from "#libs/fallback/state.ts";
import type { ReportStatus } from "#libs/fallback/words.ts";
import { faultOf, report } from "./journal-entry.ts";

const RUN_COUNT = 10_000;
/** Short enough for a life to run past every limit. */
export const rules: FallbackRules = { listeningMs: 100, acceptanceWindowMs: 50 };

/** One input of a life, with what it decided and the states around it. */
export type Turn = {
  input: FallbackInput;
  before: MessageState;
  events: FallbackEvent[];
  after: MessageState;
};

/** Tells a message `inputs`, one after the other. */
export function live(inputs: readonly FallbackInput[], from = initialState): Turn[] {
  let before = from;
  return inputs.map((input) => {
    const events = decide(input, before, rules);
    const turn = { input, before, events, after: events.reduce(evolve, before) };
    before = turn.after;
    return turn;
  });
}

/** The state in which `turns` leave the message. */
export function lastState(turns: readonly Turn[]): MessageState {
  return turns.at(-1)?.after ?? initialState;
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  channel: fc.constantFrom("whatsapp", "viber", "rcs", "sms"),
  sender: fc.constant(null),
  waitMs: fc.constantFrom(1, 10, 10, 20, 100, null),
  wanted: weighted({ ACCEPTED: 1, SENT: 1, DELIVERED: 3, READ: 4 }),
  onFailure: weighted({ NEXT: 5, STOP: 1 }),
  ttlSeconds: fc.constant(null),
});

/** Mostly one that is carried out at once and may take its time. */
const anyRequest: fc.Arbitrary<SendRequestInput> = fc.record({
  type: fc.constant("SendRequest"),
  at: fc.constant(1_000),
  apartMs: fc.constant(0),
  requestedAt: mostly(1_000, 950, 949, 2_000),
  steps: fc.array(anyStep, { minLength: 1, maxLength: 4, size: "max" }),
  scheduledAt: mostly<number | null>(null, 0, 999, 1_000, 1_001, 1_030),
  expiresAt: mostly<number | null>(null, 1_000, 1_001, 1_020, 1_030, 1_100),
  lateReports: fc.constantFrom("AMEND", "AMEND", "IGNORE"),
  faults: mostly<RequestFault[]>([], [faultOf("unknown-flow")]),
});

function mostly<T>(usual: T, ...others: T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 7, arbitrary: fc.constant(usual) }, fc.constantFrom(...others));
}

function weighted<K extends string>(weights: Record<K, number>): fc.Arbitrary<K> {
  const words = Object.keys(weights) as K[];
  return fc.constantFrom(...words.flatMap((word) => Array<K>(weights[word]).fill(word)));
}

export const anyWord: fc.Arbitrary<ReportStatus> = weighted({
  ACCEPTED: 1,
  SENT: 2,
  DELIVERED: 2,
  READ: 1,
  UNREAD: 1,
  REJECTED: 1,
  FAILED: 2,
  UNDELIVERED: 1,
  EXPIRED: 1,
  UNKNOWN: 1,
});

/** A little after now, or one before, at and one after an instant at which something may happen. */
const anyInstant = fc.record({
  near: weighted({ now: 12, due: 8, expiry: 2, silence: 1 }),
  offsetMs: fc.constantFrom(-1, 0, 0, 1),
});
const anyMove = fc.record({
  kind: weighted({ report: 22, tick: 14, again: 5, cancel: 1 }),
  when: anyInstant,
  word: anyWord,
  attempt: fc.nat({ max: 3 }),
  addressedBy: fc.constantFrom("index", "id", "channel"),
  again: fc.nat({ max: 20 }),
});
type Move = typeof anyMove extends fc.Arbitrary<infer M> ? M : never;

/** What overtakes the request. */
const anyPrelude = mostly<FallbackInput[]>(
  [],
  [{ type: "Cancel", at: 990, reason: null }],
  [{ type: "TimerTick", at: 990, apartMs: 0, firedAt: 990 }],
);

/** A life as it may happen: no report comes before the attempt that it is about. */
export const anyLife: fc.Arbitrary<FallbackInput[]> = fc
  .tuple(anyPrelude, anyRequest, fc.array(anyMove, { maxLength: 14, size: "max" }))
  .map(([prelude, request, moves]) => {
    const inputs: FallbackInput[] = [...prelude, request];
    let state = lastState(live(inputs));
    for (const move of moves) {
      const input = carryOut(move, state, inputs);
      state = decide(input, state, rules).reduce(evolve, state);
      inputs.push(input);
    }
    return inputs;
  });

function carryOut(move: Move, state: MessageState, told: readonly FallbackInput[]): FallbackInput {
  const at = instantOf(move.when, state, told.at(-1)?.at ?? 0);
  if (move.kind === "again") return { ...told[move.again % told.length]!, at };
  if (move.kind === "cancel") return { type: "Cancel", at, reason: null };
  if (move.kind === "tick" || state.attempts.length === 0)
    return { type: "TimerTick", at, apartMs: 0, firedAt: at };
  return { ...reportOf(move, state), at };
}

/** Never before `now`, the instant of the input before. */
function instantOf(when: Move["when"], state: MessageState, now: number): number {
  const silence = (state.attempts[0]?.startedAt ?? now) + rules.listeningMs;
  const expiry = state.expiresAt ?? now;
  const instants = { now, due: timerDueAt(state) ?? now, expiry, silence };
  return Math.max(now, instants[when.near] + when.offsetMs);
}

const freeOfCharge = {
  amountMicros: null,
  currency: null,
  isBillable: false,
  category: "marketing",
  network: null,
};

function reportOf(move: Move, { attempts, steps }: MessageState): StatusReportInput {
  const index = move.attempt % attempts.length;
  const channel = steps[index]!.channel;
  // One that cannot be told from another by its channel has to name its attempt.
  const isAlone = steps.filter((step) => step.channel === channel).length === 1;
  const isNamed = move.addressedBy === "index" || !isAlone;
  const hasId = move.addressedBy === "id" || move.again % 2 === 0;
  return report(index, move.word, 0, {
    attemptIndex: isNamed ? index : null,
    channel,
    // A repeated call of a provider gives the attempt a second id.
    providerMessageId: hasId ? `${index}${move.again > 17 ? "-repeated" : ""}` : null,
    charge: move.again % 5 === 0 ? { ...freeOfCharge, isBillable: move.again > 9 } : null,
    // What became of taking an attempt back comes alone.
    revocation: move.word === "UNKNOWN" && move.again > 9 ? "REVOKED" : null,
  });
}

const anyTime = fc.integer({ min: 900, max: 1_300 });
const anyInput: fc.Arbitrary<FallbackInput> = fc.oneof(
  fc
    .tuple(anyRequest, anyTime, fc.array(anyStep, { maxLength: 12 }))
    .map(([request, at, steps]) => ({ ...request, at, steps })),
  anyTime.map((at) => ({ type: "TimerTick" as const, at, apartMs: 0, firedAt: at })),
  fc.record({ type: fc.constant("Cancel"), at: anyTime, reason: fc.constantFrom(null, "why") }),
  fc
    .record({
      at: anyTime,
      attemptIndex: fc.constantFrom(null, null, -1, 0, 0, 0, 1, 1, 2, 9, 0.5, Number.NaN, Infinity),
      channel: fc.constantFrom("whatsapp", "viber", "rcs", "sms", ""),
      provider: fc.constantFrom("simulated", "other"),
      providerMessageId: fc.constantFrom(null, "", "0", "1"),
      status: anyWord,
    })
    .map(({ status, ...more }) => report(0, status, 0, more)),
);

/** Anything in any order: bogus reports, clocks that go back, several requests. */
export const anyInputs: fc.Arbitrary<FallbackInput[]> = fc.array(anyInput, { maxLength: 12 });

/** Checks `property` of 10,000 random lives; a failure prints the shortest life that shows it. */
export function inEveryLife(property: (turns: Turn[]) => void): void {
  always(anyLife, (inputs) => property(live(inputs)));
}

/** Checks `property` of 10,000 random values. */
export function always<T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void): void {
  const check = fc.property(arbitrary, (value) => {
    property(value);
  });
  fc.assert(check, { numRuns: RUN_COUNT });
}
