import { Counter, Gauge } from "prom-client";
import { registry } from "#libs/telemetry/metrics.ts";

export const claimedCount = new Counter({
  name: "fallthrough_timers_claimed_total",
  help: "Due timers that were turned into ticks, repeats after a lease included.",
  registers: [registry],
});

export const restoreProgress = new Gauge({
  name: "fallthrough_restore_progress",
  help: "Share of the journal that a restore has read, 0 to 1; 1 while nothing is restored.",
  registers: [registry],
});
restoreProgress.set(1);

export const restoredCount = new Counter({
  name: "fallthrough_restored_messages_total",
  help: "Messages that a restore has brought to where the journal has them.",
  registers: [registry],
});
