import { Counter } from "prom-client";
import { registry } from "#libs/telemetry/metrics.ts";

export const claimedCount = new Counter({
  name: "fallthrough_timers_claimed_total",
  help: "Due timers that were turned into ticks, repeats after a lease included.",
  registers: [registry],
});
