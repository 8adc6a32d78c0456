import { Counter } from "prom-client";
import { registry } from "#libs/telemetry/metrics.ts";

const early = new Counter({
  name: "fallthrough_reports_without_message_total",
  help: "Reports whose provider id was not known yet, by what became of them.",
  labelNames: ["result"],
  registers: [registry],
});

/** A report waits for the dispatcher's word on whose id it carries. */
export function countParked(): void {
  early.inc({ result: "parked" });
}

/** More reports wait for one unknown id than any attempt has: this one was not taken. */
export function countUnjoinable(): void {
  early.inc({ result: "dropped" });
}
