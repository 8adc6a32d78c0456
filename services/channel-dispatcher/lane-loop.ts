// Takes commands out of their lanes as places for calls get free, and hands each to `serveTaken`.
import { setTimeout as sleep } from "node:timers/promises";
import type { Turn } from "#libs/dispatch-store/replies.ts";
import { RetriableError } from "#libs/errors.ts";
import type { DispatchDeps } from "./dispatch-deps.ts";
import { oldestWaitGauge, waitingGauge } from "./metrics.ts";
import { serveTaken } from "./serve-taken.ts";

/** Another dispatcher that has no place left may put something into a lane; so long it may lie unseen. */
const LOOK_INTERVAL_MS = 200;
const FAULT_PAUSE_MS = 1_000;
/** Bounds what one look tells the lanes: a script that runs holds up everybody else in Redis. */
const DONE_COUNT_MAX = 256;

export type LaneLoop = AsyncDisposable & {
  /** One sentence each: nothing can be taken for some time, or commands became dead letters. */
  whyNotReady(): readonly string[];
};

/** Starts the loop. Disposal waits for the calls in flight; abort `stopping` first. */
export function startLaneLoop(deps: DispatchDeps): LaneLoop {
  const inFlight = new Set<Promise<void>>();
  const place = `the lanes of ${deps.channel}`;
  const onStop = () => deps.bell.ring();
  deps.stopping.addEventListener("abort", onStop);
  const ended = run();
  return {
    whyNotReady: () => deps.health.reasons(),
    async [Symbol.asyncDispose]() {
      await ended;
      await Promise.all(inFlight);
      // What is not told now is told by whoever finds its lease over: its report is said twice.
      await takeTurn(deps, 0).catch(() => undefined);
      deps.stopping.removeEventListener("abort", onStop);
    },
  };

  async function run(): Promise<void> {
    while (!deps.stopping.aborted) {
      try {
        const pauseMs = await serveTurn(deps, inFlight);
        deps.health.moves(place);
        await deps.bell.rung(pauseMs);
      } catch (error) {
        // Nothing that lies in Redis may end the process: it goes on with what can be taken.
        deps.health.waits(place, String(error));
        const level = error instanceof RetriableError ? "warn" : "error";
        deps.log[level]({ err: error, channel: deps.channel }, "the lanes have to wait");
        await sleep(FAULT_PAUSE_MS, undefined, { signal: deps.stopping }).catch(() => undefined);
      }
    }
  }
}

/** Begins what may begin; resolves with how long to pause before the next look, ms. */
async function serveTurn(deps: DispatchDeps, inFlight: Set<Promise<void>>): Promise<number> {
  const takenAt = performance.now();
  const turn = await takeTurn(deps, deps.places.freeCount());
  for (const taken of turn.taken) {
    const leave = deps.places.enter(taken.lane);
    const serving = serveTaken(taken, { takenAt, deps }).finally(() => {
      leave();
      inFlight.delete(serving);
      deps.bell.ring();
    });
    inFlight.add(serving);
  }
  // Whoever leaves its place rings.
  if (deps.places.freeCount() === 0) return LOOK_INTERVAL_MS;
  return Math.min(turn.nextInMs ?? LOOK_INTERVAL_MS, LOOK_INTERVAL_MS);
}

async function takeTurn(deps: DispatchDeps, placeCount: number): Promise<Turn> {
  const { channel, lanes, places, inHand } = deps;
  const done = [...inHand.done].slice(0, DONE_COUNT_MAX);
  const turn = await lanes.take({ placeCount, held: places.held(), done });
  for (const commandId of done) inHand.done.delete(commandId);
  waitingGauge.set({ channel }, turn.waitingCount);
  oldestWaitGauge.set({ channel }, turn.oldestWaitMs / 1_000);
  return turn;
}
