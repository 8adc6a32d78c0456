import { Counter, Gauge, Histogram } from "prom-client";
import { registry } from "#libs/telemetry/metrics.ts";

const registers = [registry];

export const tryCounter = new Counter({
  name: "fallthrough_webhook_tries_total",
  help: "Tries of notifications: delivered, failed (tried again later), dead (given up).",
  labelNames: ["result"],
  registers,
});

export const trySeconds = new Histogram({
  name: "fallthrough_webhook_seconds",
  help: "How long endpoints took to answer.",
  labelNames: ["answer"],
  buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers,
});

export const waitingGauge = new Gauge({
  name: "fallthrough_webhook_messages_waiting",
  help: "Messages for which a notification waits, by webhook, in all notifiers.",
  registers,
});

export const oldestGauge = new Gauge({
  name: "fallthrough_webhook_oldest_seconds",
  help: "For how long something has been waiting for the message that waits longest.",
  registers,
});

export const failingGauge = new Gauge({
  name: "fallthrough_webhooks_failing",
  help: "Registered webhooks that did not take the last notification that they were told, by account, in all notifiers.",
  labelNames: ["account"],
  registers,
});
