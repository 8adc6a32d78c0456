// How full Redis is. A Redis that is full refuses every write, also those by which messages move on and
// end, so what starts new ones stops well before: what is left is kept for reports, ticks and acks.
import type { Redis } from "ioredis";
import { RetriableError } from "#libs/errors.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { askAll } from "./ask-all.ts";
import { memoryGauge } from "./metrics.ts";
import { redisReply } from "./redis-fault.ts";

/**
 * Of maxmemory. A fifth is left to what has been taken: states grow with their stories, and have timers,
 * entries of the outbox and notifications.
 */
const PAUSE_ABOVE = 0.8;
/** Intake that goes on at the very mark would stop again with the next batch. */
const RESUME_BELOW = 0.7;
/** At 10,000 messages a second of 2 KiB a second is 20 MiB. */
const POLL_MS = 1_000;

/** Redis is nearly full: nothing new is taken until it has room again. Passes by itself. */
export class NearlyFullError extends RetriableError {
  override name = "NearlyFullError";
}

export type MemoryWatch = Disposable & {
  /** Throws NearlyFullError while nothing new may be taken. To be called before whatever starts a message. */
  checkRoom(): void;
  /** Why nothing new is taken, in a sentence; null while there is room. */
  whyFull(): string | null;
  /** Asks Redis now. */
  look(): Promise<void>;
};

/**
 * Asks every second: of several nodes the fullest counts. Without a maxmemory there is no mark; while Redis is away the
 * last answer holds.
 */
export function watchMemory(nodes: () => readonly Redis[], log: Log): MemoryWatch {
  let isFull = false;
  let sentence = "";

  async function look(): Promise<void> {
    const replies = await askAll(nodes(), (node) => redisReply(node.info("memory")));
    const used = Math.max(...replies.map(usedShare));
    memoryGauge.set(used);
    const wasFull = isFull;
    isFull = used >= (wasFull ? RESUME_BELOW : PAUSE_ABOVE);
    sentence = `Redis is nearly full (${percent(used)} of its maxmemory): new messages are taken again below ${percent(RESUME_BELOW)}`;
    if (isFull && !wasFull) log.error({ used }, sentence);
    if (!isFull && wasFull) log.warn({ used }, "Redis has room again: new messages are taken.");
  }

  // Whoever uses the connection hears of a Redis that is away.
  const timer = setInterval(() => void look().catch(() => undefined), POLL_MS).unref();
  return {
    look,
    whyFull: () => (isFull ? sentence : null),
    checkRoom() {
      if (isFull) throw new NearlyFullError(`${sentence}.`);
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** Of maxmemory, as Redis itself counts before it refuses a write; 0 without a maxmemory. */
function usedShare(memory: string): number {
  const max = fieldOf(memory, "maxmemory");
  if (max === 0) return 0;
  return (fieldOf(memory, "used_memory") - fieldOf(memory, "mem_not_counted_for_evict")) / max;
}

function fieldOf(memory: string, name: string): number {
  return Number(new RegExp(`^${name}:(\\d+)`, "m").exec(memory)?.[1] ?? 0);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
