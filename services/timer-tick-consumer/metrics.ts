import { Counter } from "prom-client";
import { registry } from "#libs/telemetry/metrics.ts";

export const overtakenCount = new Counter({
  name: "fallthrough_timer_ticks_overtaken_total",
  help: "Ticks dropped because their lease was over: their timers have fired again.",
  registers: [registry],
});
