// What a connection to Redis shows to Prometheus.
import { Gauge } from "prom-client";
import { registry } from "#libs/telemetry/metrics.ts";

export const memoryGauge = new Gauge({
  name: "fallthrough_redis_memory_used_ratio",
  help: "Of Redis' maxmemory what is used; 0 without a maxmemory. From 0.8 on nothing new is taken, until it is below 0.7.",
  registers: [registry],
});
