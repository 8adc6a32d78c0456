import { Counter } from "prom-client";
import { registry } from "#libs/telemetry/metrics.ts";

export const receiptCounter = new Counter({
  name: "fallthrough_receipts_total",
  help: "Receipts that were taken from carriers, by the status that they mean.",
  labelNames: ["channel", "status"],
  registers: [registry],
});
