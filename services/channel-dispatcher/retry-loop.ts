// Takes commands out of a channel's retry queue when they are due.
import { setTimeout as sleep } from "node:timers/promises";
import { readOne } from "#libs/contracts/codec.ts";
import { RetriableError } from "#libs/errors.ts";
import type { Log } from "#libs/telemetry/log.ts";
import type { CallGate } from "./call-gate.ts";
import { dispatchCommand } from "./dispatch-command.ts";
import type { DispatchDeps } from "./dispatch-deps.ts";

/** Another dispatcher may park a command that is due at once; so long it may lie unseen. */
const SLEEP_MAX_MS = 50;
const FAULT_PAUSE_MS = 1_000;
const CLAIM_COUNT_MAX = 64;
/** Added to the claim's lease, so that a command that comes back finds that lease over. */
const LEASE_MARGIN_MS = 1_000;

type RetryDeps = DispatchDeps & { gate: CallGate; log: Log; onFatal: (error: unknown) => void };

/** Starts the loop. Disposal waits for the calls in flight; abort `stopping` first. */
export function startRetryLoop(deps: RetryDeps): AsyncDisposable {
  const ended = run(deps).catch(deps.onFatal);
  return {
    async [Symbol.asyncDispose]() {
      await ended;
    },
  };
}

async function run(deps: RetryDeps): Promise<void> {
  const { stopping, log, channel } = deps;
  while (!stopping.aborted) {
    const pauseMs = await takeDue(deps).catch((error: unknown) => {
      if (!(error instanceof RetriableError)) throw error;
      if (!stopping.aborted) log.warn({ err: error, channel }, "the retry queue has to wait");
      return FAULT_PAUSE_MS;
    });
    // An abort ends the pause and, with it, the loop.
    if (pauseMs > 0) await sleep(pauseMs, undefined, { signal: stopping }).catch(() => undefined);
  }
}

/** Handles what is due; resolves with how long to pause before the next look, ms. */
async function takeDue(deps: RetryDeps): Promise<number> {
  const leaseMs = deps.leaseMs + LEASE_MARGIN_MS;
  const due = await deps.retries.claimDue({ leaseMs, countMax: CLAIM_COUNT_MAX });
  const tasks = due.commandIds.map((commandId) => deps.gate(() => retry(commandId, deps)));
  const results = await Promise.allSettled(tasks);
  for (const result of results) if (result.status === "rejected") throw result.reason;
  if (due.commandIds.length === CLAIM_COUNT_MAX) return 0;
  return Math.min(due.nextDueInMs ?? SLEEP_MAX_MS, SLEEP_MAX_MS);
}

async function retry(commandId: string, deps: RetryDeps): Promise<void> {
  const parked = await deps.retries.readParked(commandId);
  if (parked) {
    const command = await readOne(deps.commandCodec, parked.command);
    const { traceparent } = parked;
    const end = await dispatchCommand({ command, traceparent, source: "retry-queue" }, deps);
    if (end === "waits") return;
  }
  await deps.retries.remove(commandId);
}
