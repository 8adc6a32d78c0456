import { setTimeout as sleep } from "node:timers/promises";

/** True after `ms`; false as soon as it is `over`. */
export async function sleepUnless(over: AbortSignal, ms: number): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal: over });
    return true;
  } catch {
    return false;
  }
}
