// Gives the product's own code virtual clocks, timers and chance, as long as a simulation runs: what it
// takes from Node is replaced, nothing of it is.
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers/promises";
import type { Random } from "./random.ts";
import { currentProcess, type Happening, type Timeline } from "./timeline.ts";

/** A timer of Node's is late by up to this on a healthy machine, ms. */
const LATE_MS_MAX = 2;
/**
 * What only looks whether there is something to do looks less often, as on a busy machine: an idle
 * product would be most of a schedule's work.
 */
const POLL_MS_MAX = 500;
const POLL_LATE_MS_MAX = 2_000;
/** How many looks are late by no more than any other timer. */
const PROMPT_POLL_RATE = 0.2;

/** Puts everything back when disposed. */
export function installVirtualTime(
  timeline: Timeline,
  random: Random,
  { isTold }: { isTold: boolean },
): Disposable {
  const undo = new DisposableStack();
  const replace = (owner: object, name: string, value: unknown) => {
    const before: unknown = Reflect.get(owner, name);
    Reflect.set(owner, name, value);
    undo.defer(() => void Reflect.set(owner, name, before));
  };
  undo.defer(() => syncBuiltinESMExports());
  const startedAt = timeline.now;
  const wallClock = () => Math.floor(timeline.now + (currentProcess()?.clockOffsetMs ?? 0));
  const set = timersOn(timeline, random);
  replace(globalThis, "Date", virtualDate(wallClock));
  replace(performance, "now", () => timeline.now - startedAt);
  replace(globalThis, "setTimeout", set.timeout);
  replace(globalThis, "setInterval", set.interval);
  replace(globalThis, "setImmediate", (run: () => void) => set.timeout(run, 0));
  for (const name of ["clearTimeout", "clearInterval", "clearImmediate"] as const) {
    replace(globalThis, name, clear);
  }
  replace(timers, "setTimeout", sleepOn(set.timeout));
  replace(timers, "setImmediate", () => timeline.sleep(0));
  replace(Math, "random", () => random.next());
  replace(crypto, "randomUUID", () => uuid(random));
  replace(crypto, "randomBytes", (count: number) => randomBytes(count, random));
  // Faults are many, and nobody reads where they came from.
  if (!isTold) replace(Error, "stackTraceLimit", 0);
  syncBuiltinESMExports();
  return undo;
}

function virtualDate(now: () => number): DateConstructor {
  const Real = Date;
  class VirtualDate extends Real {
    constructor(...given: unknown[]) {
      super(...((given.length === 0 ? [now()] : given) as [number]));
    }
    static override now(): number {
      return now();
    }
  }
  return VirtualDate as DateConstructor;
}

class Timer {
  happening: Happening | undefined;
  isCleared = false;
  unref(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  hasRef(): boolean {
    return true;
  }
  [Symbol.dispose](): void {
    clear(this);
  }
}

function clear(timer: unknown): void {
  if (!(timer instanceof Timer)) return;
  timer.isCleared = true;
  if (timer.happening) timer.happening.run = null;
}

function timersOn(timeline: Timeline, random: Random) {
  /** Node fires no timer early, and rounds up to 1 ms. */
  function late(ms: number): number {
    const isPoll = ms > LATE_MS_MAX && ms <= POLL_MS_MAX && !random.isTrue(PROMPT_POLL_RATE);
    return Math.max(1, Math.ceil(ms)) + random.between(0, isPoll ? POLL_LATE_MS_MAX : LATE_MS_MAX);
  }
  function timeout(run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): Timer {
    const timer = new Timer();
    timer.happening = timeline.after(late(ms), () => {
      if (!timer.isCleared) run(...args);
    });
    return timer;
  }
  function interval(run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): Timer {
    const timer = new Timer();
    const again = () => {
      timer.happening = timeline.after(late(ms), () => {
        if (timer.isCleared) return;
        again();
        run(...args);
      });
    };
    again();
    return timer;
  }
  return { timeout, interval };
}

type Timeout = ReturnType<typeof timersOn>["timeout"];

function sleepOn(timeout: Timeout) {
  return (ms: number, value?: unknown, { signal }: { signal?: AbortSignal } = {}) =>
    new Promise((resolve, reject) => {
      const giveUp = () => {
        clear(timer);
        reject(new Error("The operation was aborted"));
      };
      const timer = timeout(() => {
        signal?.removeEventListener("abort", giveUp);
        resolve(value);
      }, ms);
      if (signal?.aborted) giveUp();
      signal?.addEventListener("abort", giveUp, { once: true });
    });
}

function randomBytes(count: number, random: Random): Buffer {
  return Buffer.from(Array.from({ length: count }, () => random.below(256)));
}

function uuid(random: Random): string {
  const hex = randomBytes(16, random).toString("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}
