// What limits show to Prometheus. Accounts are the operator's to make, so there are as many as they want.
import { Counter } from "prom-client";
import { registry } from "#libs/telemetry/metrics.ts";

const registers = [registry];

export const refusedCount = new Counter({
  name: "fallthrough_limit_refusals_total",
  help: "Messages that were refused for a limit of the operator's, by account and code.",
  labelNames: ["account", "code"],
  registers,
});

export const warnedCount = new Counter({
  name: "fallthrough_limit_warnings_total",
  help: "Daily caps of which four fifths were used, once a day, by account and the code of their refusal.",
  labelNames: ["account", "code"],
  registers,
});
