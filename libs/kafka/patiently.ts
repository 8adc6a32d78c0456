import { setTimeout as sleep } from "node:timers/promises";
import { RetriableError } from "#libs/errors.ts";
import { toFault } from "./faults.ts";
import type { Cluster } from "./kafkajs/cluster.ts";

/** How long a fault is waited out, and how often it is tried again meanwhile. */
const PATIENCE_MS = 15_000;
const PAUSE_MS = 200;

/** A broker that restarts, or a leader that moves, is waited for. Throws what `toFault` makes of what it met. */
export async function patiently<Result>(
  cluster: Pick<Cluster, "refreshMetadata">,
  doing: string,
  action: () => Promise<Result>,
): Promise<Result> {
  const endsAtMs = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      const fault = toFault(error, doing);
      if (!(fault instanceof RetriableError) || performance.now() > endsAtMs) throw fault;
      await sleep(PAUSE_MS);
      await cluster.refreshMetadata().catch(() => undefined);
    }
  }
}
