import type { EnvReader } from "#libs/config/read-env.ts";
import { readFlowConfig } from "#libs/message-flow/flow-config.ts";

export type Config = ReturnType<typeof readConfig>;

/** The environment of the delay-scheduler. */
export function readConfig(read: EnvReader) {
  return {
    flow: readFlowConfig(read),
    // A tick that got lost fires again after the lease. Shorter than an orchestrator's restart, so
    // that a dead consumer's ticks are there again when the next one is.
    leaseMs: read.integer("TIMER_LEASE_MS", { default: 5_000, min: 1_000, max: 60_000 }),
  };
}
