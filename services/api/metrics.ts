// What the api shows to Prometheus. Labels are routes, never paths: a path holds a message's id.
import { Counter, Histogram } from "prom-client";
import { registry } from "#libs/telemetry/metrics.ts";

const registers = [registry];

export const acceptedCount = new Counter({
  name: "fallthrough_api_messages_accepted_total",
  help: "Messages that were answered with success: Kafka has them.",
  labelNames: ["dialect"],
  registers,
});

export const repeatCount = new Counter({
  name: "fallthrough_api_repeats_total",
  help: "Messages whose clientMessageId stood for an earlier one, by whether they said the same.",
  labelNames: ["body"],
  registers,
});

/** Buckets from one Kafka round trip to the limit of an accept. */
export const requestSeconds = new Histogram({
  name: "fallthrough_api_request_seconds",
  help: "Requests by route and HTTP status, and how long they took.",
  labelNames: ["method", "route", "status"],
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  registers,
});

export const strangerCount = new Counter({
  name: "fallthrough_api_strangers_slowed_total",
  help: "Requests with wrong keys that were answered late, with 429, because their address had sent too many.",
  registers,
});
