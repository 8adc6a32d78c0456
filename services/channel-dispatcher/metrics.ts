import { Counter, Gauge, Histogram } from "prom-client";
import { registry } from "#libs/telemetry/metrics.ts";

const registers = [registry];

export const reportCounter = new Counter({
  name: "fallthrough_dispatch_reports_total",
  help: "Status reports of the dispatchers, by what the provider answered.",
  labelNames: ["channel", "status"],
  registers,
});

export const callSeconds = new Histogram({
  name: "fallthrough_carrier_call_seconds",
  help: "How long providers took to answer.",
  labelNames: ["channel", "answer"],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers,
});

export const dropCounter = new Counter({
  name: "fallthrough_dispatch_drops_total",
  help: "Commands whose provider was not called: superseded, not-after, known already, or for a revocation only.",
  labelNames: ["channel", "reason"],
  registers,
});

export const retryCounter = new Counter({
  name: "fallthrough_dispatch_retries_total",
  help: "Calls that will be made again: after a temporary refusal, or after a lost answer.",
  labelNames: ["channel", "reason"],
  registers,
});

export const revocationCounter = new Counter({
  name: "fallthrough_revocations_total",
  help: "Attempts that providers were asked to take back, by the attempt's channel and what they answered.",
  labelNames: ["channel", "outcome"],
  registers,
});

export const takenIdCounter = new Counter({
  name: "fallthrough_provider_ids_taken_total",
  help: "Ids that a provider gave to an attempt although an open message has them.",
  labelNames: ["channel"],
  registers,
});

export const claimFoundCounter = new Counter({
  name: "fallthrough_dispatch_claims_found_total",
  help: "Commands that were known when they came: waiting, claimed, delayed or answered; or abandoned by their dispatcher when they were taken.",
  labelNames: ["channel", "state"],
  registers,
});

export const waitingGauge = new Gauge({
  name: "fallthrough_dispatch_waiting",
  help: "Commands that wait in the lanes of the channel, over all dispatchers.",
  labelNames: ["channel"],
  registers,
});

export const oldestWaitGauge = new Gauge({
  name: "fallthrough_dispatch_oldest_wait_seconds",
  help: "How long the oldest of them has waited.",
  labelNames: ["channel"],
  registers,
});

export const downGauge = new Gauge({
  name: "fallthrough_connections_down",
  help: "Connections of accounts that this process found down and does not call for now.",
  labelNames: ["channel"],
  registers,
});

export const circuitCounter = new Counter({
  name: "fallthrough_connection_opens_total",
  help: "How often a connection was found down: faults in a row, or credentials that are refused.",
  labelNames: ["channel"],
  registers,
});

export const pollCounter = new Counter({
  name: "fallthrough_receipt_polls_total",
  help: "How often connections' providers were asked for receipts: read, failed.",
  labelNames: ["channel", "outcome"],
  registers,
});
