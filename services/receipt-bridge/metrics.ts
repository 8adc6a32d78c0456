import { Counter } from "prom-client";
import { registry } from "#libs/telemetry/metrics.ts";

const registers = [registry];

export const receiptCounter = new Counter({
  name: "fallthrough_receipts_total",
  help: "Receipts that were taken from carriers, by the status that they mean.",
  labelNames: ["channel", "status"],
  registers,
});

export const refusedCounter = new Counter({
  name: "fallthrough_receipts_unproven_total",
  help: "Posts that were refused because nothing proved that they are the provider's.",
  labelNames: ["provider"],
  registers,
});

export const oddCounter = new Counter({
  name: "fallthrough_receipts_odd_total",
  help: "Receipts that are none, set aside in the dead letters of status-reports.",
  labelNames: ["provider"],
  registers,
});
