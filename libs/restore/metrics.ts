// What keeping the journal shows to Prometheus.
import { Counter } from "prom-client";
import { registry } from "#libs/telemetry/metrics.ts";

export const mendedCount = new Counter({
  name: "fallthrough_journal_mended_total",
  help: "States that were published again because an older one came behind them.",
  registers: [registry],
});
