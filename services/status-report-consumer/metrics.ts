import { Counter } from "prom-client";
import { registry } from "#libs/telemetry/metrics.ts";

/**
 * `parked`: it waits for the dispatcher's word on whose id it carries. `dropped`: more wait for that id
 * than any attempt has. `expired`: nobody told for 15 minutes whose it is. `no-room`: it was the oldest
 * of more than may wait.
 */
export const earlyCounter = new Counter({
  name: "fallthrough_reports_without_message_total",
  help: "Reports whose provider id was not known yet, by what became of them.",
  labelNames: ["result"],
  registers: [registry],
});
