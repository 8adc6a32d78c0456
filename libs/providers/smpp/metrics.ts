import { Counter, Gauge } from "prom-client";
import { registry } from "#libs/telemetry/metrics.ts";

const registers = [registry];

/** `provider` is `smpp.<guid of the connection>`. */
export const bindGauge = new Gauge({
  name: "fallthrough_smpp_binds",
  help: "Binds of this process by their state: bound, connecting or down.",
  labelNames: ["provider", "state"],
  registers,
});

export const refusedBindCounter = new Counter({
  name: "fallthrough_smpp_binds_refused_total",
  help: "Binds that the SMSC refused, by its command_status: wrong credentials, or too many binds.",
  labelNames: ["provider", "status"],
  registers,
});

export const throttledCounter = new Counter({
  name: "fallthrough_smpp_throttled_total",
  help: "Requests that the SMSC refused because they come too fast, or its queue is full.",
  labelNames: ["provider"],
  registers,
});

export const deliveryCounter = new Counter({
  name: "fallthrough_smpp_deliveries_total",
  help: "What the SMSC delivered: receipt, message (a person's), odd (malformed, or a receipt without an id or a state: a dead letter), put-off (Kafka could not take it; it comes again).",
  labelNames: ["provider", "kind"],
  registers,
});

export const oddPduCounter = new Counter({
  name: "fallthrough_smpp_odd_pdus_total",
  help: "What an SMSC should not have sent: malformed, too late, twice, or nothing for a client.",
  labelNames: ["provider"],
  registers,
});
