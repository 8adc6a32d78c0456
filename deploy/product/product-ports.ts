// Where the product listens, and how its parts find each other when a port had to move.

import { choosePort } from "#deploy/infrastructure/ports.ts";
import type { Progress } from "#deploy/infrastructure/progress.ts";
import { type ListenerName, listeners } from "#libs/config/listeners.ts";
import { readEnv } from "#libs/config/read-env.ts";

type Env = Readonly<Record<string, string | undefined>>;

export type Addresses = {
  api: string;
  receiptBridge: string;
  carrierSimulator: string;
  metrics: string;
};

const OWNERS: Readonly<Record<ListenerName, string>> = {
  api: "API",
  receiptBridge: "receipt-bridge",
  carrierSimulator: "carrier-simulator",
  metrics: "metrics listener",
};

/** Free ports for every listener, as addresses and as the environment that tells the services. */
export async function chooseProductPorts(env: Env, progress: Progress) {
  const ports = {
    api: await choose("api", env, progress),
    receiptBridge: await choose("receiptBridge", env, progress),
    carrierSimulator: await choose("carrierSimulator", env, progress),
    metrics: await choose("metrics", env, progress),
  };
  const addresses: Addresses = {
    api: `http://127.0.0.1:${ports.api}`,
    receiptBridge: `http://127.0.0.1:${ports.receiptBridge}`,
    carrierSimulator: `http://127.0.0.1:${ports.carrierSimulator}`,
    metrics: `http://127.0.0.1:${ports.metrics}`,
  };
  const portEnv = {
    API_PORT: `${ports.api}`,
    RECEIPT_PORT: `${ports.receiptBridge}`,
    SIMULATOR_PORT: `${ports.carrierSimulator}`,
    METRICS_PORT: `${ports.metrics}`,
    // What somebody named wins: it may be a carrier or a bridge of their own.
    RECEIPT_URL: env["RECEIPT_URL"] ?? addresses.receiptBridge,
    CARRIER_URL: env["CARRIER_URL"] ?? addresses.carrierSimulator,
    // Whoever tries it out here has the receiver of their webhooks here too.
    WEBHOOK_ALLOW_PRIVATE: env["WEBHOOK_ALLOW_PRIVATE"] ?? "true",
  };
  return { addresses, portEnv };
}

async function choose(name: ListenerName, env: Env, progress: Progress) {
  const { prefix, defaultPort } = listeners[name];
  const variable = `${prefix}_PORT`;
  const rule = { default: 0, min: 0, max: 65_535 };
  const asked = readEnv(env, (read) => read.integer(variable, rule));
  return choosePort({ owner: OWNERS[name], defaultPort, variable, asked }, progress);
}
