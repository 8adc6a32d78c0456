// Waiting for a condition, with a deadline and an eye on whoever must bring it about.
import { setTimeout as sleep } from "node:timers/promises";
import type { Child } from "./child.ts";
import type { Progress } from "./progress.ts";
import { SetupError } from "./setup-error.ts";

const POLL_INTERVAL_MS = 50;
/** A broker that finds its last stop unclean checks its logs first. */
const READY_LIMIT_MS = 90_000;

type Probe = () => Promise<boolean>;
type WaitOptions = { title: string; progress: Progress; signal: AbortSignal };

/** True once `probe` says so, false at the limit. Rejects with the reason when `signal` aborts. */
export async function waitUntil(
  probe: Probe,
  limitMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    if (await probe().catch(() => false)) return true;
    await sleep(POLL_INTERVAL_MS);
  }
  return false;
}

/** Waits until `child` is ready. Throws a SetupError with its last words when it ends or dawdles. */
export async function waitForChild(child: Child, probe: Probe, options: WaitOptions) {
  const { title, progress, signal } = options;
  progress.update(`Waiting for the ${title}`);
  const ended = new AbortController();
  void child.exited.then(() => ended.abort());
  const either = AbortSignal.any([signal, ended.signal]);
  const isReady = await waitUntil(probe, READY_LIMIT_MS, either).catch(() => false);
  signal.throwIfAborted();
  if (isReady) return;
  const what = ended.signal.aborted ? "ended at once" : "does not become ready";
  throw new SetupError(`The ${title} ${what}. Its last words:\n${await child.logEnding()}`);
}
