import { Counter, Gauge, Histogram } from "prom-client";
import { registry } from "#libs/telemetry/metrics.ts";

const registers = [registry];

export const handledCount = new Counter({
  name: "fallthrough_records_handled_total",
  help: "Records handled and committed.",
  labelNames: ["group", "topic"],
  registers,
});
export const deadLetterCount = new Counter({
  name: "fallthrough_records_dead_lettered_total",
  help: "Records that nobody can handle, kept on the dead-letter topic, by where they failed.",
  labelNames: ["group", "topic", "stage"],
  registers,
});
export const offsetResetCount = new Counter({
  name: "fallthrough_offset_resets_total",
  help: "Times records were deleted before their group had read them.",
  labelNames: ["group", "topic"],
  registers,
});
export const backOffCount = new Counter({
  name: "fallthrough_partition_back_offs_total",
  help: "Times a partition was paused because a dependency was away.",
  labelNames: ["group", "topic"],
  registers,
});
export const handleSeconds = new Histogram({
  name: "fallthrough_records_handle_seconds",
  help: "Time to handle up to 512 records of one partition.",
  labelNames: ["group", "topic"],
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  registers,
});
export const notReady = new Gauge({
  name: "fallthrough_consumer_not_ready",
  help: "How many reasons a consumer has for not being ready; /readyz says them.",
  labelNames: ["group"],
  registers,
});
export const lag = new Gauge({
  name: "fallthrough_consumer_lag",
  help: "Records that are waiting, by group, topic and partition.",
  labelNames: ["group", "topic", "partition"],
  registers,
});
