// Where the parts of one run of the product are: what its processes share, as their environment.

import { freePort } from "#deploy/infrastructure/ports.ts";
import type { Infrastructure } from "#deploy/infrastructure/start-infrastructure.ts";
import { demoEnv } from "#test/support/demo-env.ts";
import { receiptSecret } from "#test/support/signed-receipts.ts";

export type Places = {
  brokers: string[];
  registryUrl: string;
  apiUrl: string;
  receiptUrl: string;
  simulatorUrl: string;
  /** For every service: addresses of the infrastructure, free ports, each other's URLs. */
  env: Readonly<Record<string, string>>;
};

/** All that a run has to know of its infrastructure. */
export type InfrastructureEnv = Pick<Infrastructure, "env">;

/** Free ports, on the infrastructure of the environment unless another one is given. */
export async function choosePlaces(
  timeScale: number,
  infrastructure: InfrastructureEnv = { env: givenEnv() },
): Promise<Places> {
  const { env } = infrastructure;
  const [api, receipts, simulator] = [await freePort(), await freePort(), await freePort()];
  return {
    brokers: env["KAFKA_BROKERS"]!.split(","),
    registryUrl: env["SCHEMA_REGISTRY_URL"]!,
    apiUrl: `http://127.0.0.1:${api}`,
    receiptUrl: `http://127.0.0.1:${receipts}`,
    simulatorUrl: `http://127.0.0.1:${simulator}`,
    env: {
      ...env,
      ...demoEnv,
      TIME_SCALE: String(timeScale),
      API_PORT: String(api),
      RECEIPT_PORT: String(receipts),
      RECEIPT_URL: `http://127.0.0.1:${receipts}`,
      RECEIPT_SECRET: receiptSecret.toString("base64"),
      SIMULATOR_PORT: String(simulator),
      CARRIER_URL: `http://127.0.0.1:${simulator}`,
    },
  };
}

function givenEnv(): Record<string, string> {
  const names = ["KAFKA_BROKERS", "SCHEMA_REGISTRY_URL", "REDIS_URL"];
  return Object.fromEntries(names.map((name) => [name, process.env[name]!]));
}
