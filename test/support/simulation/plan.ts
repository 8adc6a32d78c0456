// What is drawn for a schedule: what customers send, and what goes wrong when.
import type {
  CancelRequestInit,
  SendRequestInit,
  StepInit,
} from "#libs/contracts/generated/types.ts";
import type { Moment, Work } from "./moments.ts";
import type { Random } from "./random.ts";
import { CHANNELS } from "./services.ts";

/** Faults begin within a time that is drawn, ms from the start: what is over early costs little. */
const [FAULTS_MS_MIN, FAULTS_MS_MAX] = [3_000, 14_000];

export type Fault =
  | { type: "pause"; machine: string; forMs: number }
  | { type: "kill"; machine: string; restartMs: number }
  | { type: "restart"; machine: string }
  | { type: "redis-stall"; forMs: number }
  | { type: "redis-break" }
  /** Nobody, or one machine, gets through to it for a while; it lives on. */
  | { type: "redis-away"; forMs: number }
  | { type: "redis-cut"; machine: string; forMs: number }
  | { type: "redis-restart"; forMs: number }
  /** It comes back without its last writes, or a replica takes over that is so much behind, with its own clock. */
  | { type: "redis-loss"; lostCount: number; clockMs: number; forMs: number }
  /** It comes back empty. */
  | { type: "redis-empty"; forMs: number }
  /** Somebody deletes all keys that end so, in a Redis that lives on. */
  | { type: "redis-keys"; ending: string }
  | { type: "kafka-down"; forMs: number }
  | { type: "compact" }
  /** `machine` may be "redis". */
  | { type: "clock"; machine: string; offsetMs: number; forMs: number };

export type Plan = {
  requests: { atMs: number; request: Omit<SendRequestInit, "requestedAt"> }[];
  cancels: { atMs: number; cancel: Omit<CancelRequestInit, "requestedAt"> }[];
  /** How long rates apply, and no fault begins later. */
  faultsMs: number;
  /** `moment`: it waits for that, from `atMs` on, and strikes the machine whose moment it is. */
  faults: { atMs: number; moment: Moment | null; fault: Fault }[];
  redisBreakRate: number;
  kafkaFaultRate: number;
  carrierFaultRate: number;
};

type Draw = { startedAt: number; random: Random; hasLosses: boolean };

/** Few messages and some kinds of faults: what goes wrong together is what matters. */
export function drawPlan(machines: readonly string[], drawing: Draw): Plan {
  const { startedAt, hasLosses, random } = drawing;
  const requests = Array.from({ length: 1 + random.below(3) }, (_, index) => {
    const request = drawRequest(`m${index}`, startedAt, random);
    return { atMs: random.between(0, 4_000), request };
  });
  const cancels = requests
    .filter(() => random.isTrue(0.15))
    .map(({ atMs, request: { messageId, accountId } }) => {
      return {
        atMs: Math.max(0, atMs + random.between(-500, 5_000)),
        cancel: { messageId, accountId },
      };
    });
  const faultsMs = random.between(FAULTS_MS_MIN, FAULTS_MS_MAX);
  return {
    requests,
    cancels,
    faultsMs,
    faults: drawFaults(machines, { faultsMs, random, hasLosses }),
    redisBreakRate: random.pick([0, 0, 0.005, 0.03]),
    kafkaFaultRate: random.pick([0, 0, 0.01, 0.05]),
    carrierFaultRate: random.pick([0, 0.2]),
  };
}

type DrawFaults = { faultsMs: number; random: Random; hasLosses: boolean };

/** One kind by itself, or few together, and most while there is most to do. */
function drawFaults(machines: readonly string[], drawing: DrawFaults): Plan["faults"] {
  const { faultsMs, random, hasLosses } = drawing;
  const all = hasLosses ? [...KINDS, ...LOSSES] : KINDS;
  const kinds = Array.from({ length: random.pick([1, 1, 2, 3]) }, () => random.pick(all));
  // One clock is wrong in a schedule: of two wrong ones nobody knows what time it is.
  const wrong = random.pick(["redis", "redis", ...machines]);
  return Array.from({ length: random.below(7) }, () => {
    const machine = random.pick(machines);
    const fault = drawFault(random.pick(kinds), { machine, wrong, random });
    const isStall = fault.type === "redis-stall";
    const work = isStall ? "load" : random.pick(WORKS);
    const countMax = work === "call" ? CALL_COUNT_MAX : WORK_COUNT_MAX;
    const count = 1 + Math.floor(countMax * random.next() ** 2);
    const isAtWork = random.isTrue(isStall ? STALL_AT_WORK_RATE : AT_WORK_RATE);
    const moment = isAtWork ? { work, count } : null;
    return { atMs: faultsMs * random.next() ** 2, moment, fault };
  });
}

/** How many faults wait until somebody is in the middle of something: at another instant few are. */
const AT_WORK_RATE = 0.75;
/** Redis stands still at any time as well, or between what is loaded and what is committed of it. */
const STALL_AT_WORK_RATE = 0.3;
const WORK_COUNT_MAX = 10;
/** Most schedules have few calls. */
const CALL_COUNT_MAX = 3;
const WORKS: readonly Work[] = ["write", "write", "publish", "commit", "call"];

const KINDS: readonly Fault["type"][] = [
  // What leaves things half done, twice as often.
  ...(["pause", "pause", "kill", "kill"] as const),
  "restart",
  "redis-stall",
  "redis-break",
  "redis-away",
  "redis-cut",
  "redis-restart",
  "kafka-down",
  "compact",
  "clock",
];

/** What Redis does not have any more, and is to be restored. */
const LOSSES: readonly Fault["type"][] = [
  ...(["redis-loss", "redis-loss", "redis-loss"] as const),
  "redis-empty",
  "redis-keys",
];
const LOST_ENDINGS = [":open", ":epoch", ":counter", ":timers", ":lent", ":began", ":rewritten"];

type Drawing = { machine: string; wrong: string; random: Random };

function drawFault(type: Fault["type"], { machine, wrong, random }: Drawing): Fault {
  switch (type) {
    case "pause":
      return { type, machine, forMs: random.pick([300, 3_000, 6_000, 12_000, 20_000]) };
    case "kill":
      return { type, machine, restartMs: random.pick([10, 500, 12_000]) };
    case "restart":
      return { type, machine };
    case "redis-stall":
      return { type, forMs: random.pick([500, 4_500, 6_000, 9_000]) };
    case "redis-away":
    case "redis-restart":
      return { type, forMs: random.pick([100, 2_000, 6_000]) };
    case "redis-cut":
      return { type, machine, forMs: random.pick([500, 6_000, 20_000]) };
    case "redis-loss": {
      const clockMs = wrong === "redis" ? random.pick([0, 1_500, -1_500]) : 0;
      const lostCount = random.pick([1, 2, 5, 20, 100]);
      return { type, lostCount, clockMs, forMs: random.pick([100, 2_000, 6_000]) };
    }
    case "redis-empty":
      return { type, forMs: random.pick([100, 3_000]) };
    case "redis-keys":
      return { type, ending: random.pick(LOST_ENDINGS) };
    case "kafka-down":
      return { type, forMs: random.pick([500, 3_000, 12_000]) };
    case "clock":
      return {
        type,
        machine: wrong,
        offsetMs: random.between(-4_500, 4_500),
        forMs: random.between(500, 8_000),
      };
    case "redis-break":
    case "compact":
      return { type };
  }
}

function drawRequest(
  messageId: string,
  startedAt: number,
  random: Random,
): Omit<SendRequestInit, "requestedAt"> {
  const steps = Array.from({ length: 1 + random.below(3) }, (): StepInit => {
    return {
      channel: random.pick(CHANNELS),
      waitSeconds: random.pick([20, 20, 90, 180]),
      wanted: random.pick(["ACCEPTED", "SENT", "DELIVERED", "DELIVERED", "READ"] as const),
      onFailure: random.isTrue(0.9) ? "NEXT" : "STOP",
    };
  });
  const scheduledAt = random.isTrue(0.15) ? startedAt + random.below(8_000) : null;
  const expiresAt = random.isTrue(0.15) ? startedAt + 2_000 + random.below(12_000) : null;
  return {
    messageId,
    accountId: "demo",
    recipient: { msisdn: `+65912345${random.below(90) + 10}` },
    content: { type: "TEXT", text: "Hello" },
    steps,
    scheduledAt,
    expiresAt,
  };
}
