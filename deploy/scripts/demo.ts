// `npm run demo`: shows messages falling through their channels, and each vendor's client on its way.
// On the product that API_URL, SIMULATOR_URL, API_KEY and ADMIN_KEY name, else on the one that runs in
// this folder, else on one that is started for it with time running twenty times as fast.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { play } from "#deploy/demo/play.ts";
import type { Product } from "#deploy/demo/product-client.ts";
import { playVendors } from "#deploy/demo/vendors/play.ts";
import { createProgress } from "#deploy/infrastructure/progress.ts";
import { SetupError } from "#deploy/infrastructure/setup-error.ts";
import { ADDRESS_FILE } from "#deploy/product/address-file.ts";
import type { Addresses } from "#deploy/product/product-ports.ts";
import { startProduct } from "#deploy/product/start-product.ts";
import { stopSignal } from "#deploy/product/stop-signal.ts";
import { DEMO_ADMIN_KEY, DEMO_KEY } from "#libs/config/demo-keys.ts";
import { ConfigError, type EnvReader, readEnv } from "#libs/config/read-env.ts";

const DEMO_TIME_SCALE = "0.05";

// Whoever looks at a story can do nothing about what Node says of the vendors' clients.
Reflect.set(process, "noDeprecation", true);
const signal = stopSignal();
try {
  process.exitCode = (await demonstrate()) === 0 ? 0 : 1;
} catch (error) {
  process.exitCode = 1;
  const isExpected = error instanceof SetupError || error instanceof ConfigError;
  console.error(isExpected ? `\n${error.message}` : error);
}

async function demonstrate(): Promise<number> {
  const { given, apiKey, adminKey } = readEnv(process.env, readConfig);
  const running = given ?? (await readRunning());
  if (running) {
    console.log(`Using the product that runs at ${running.api}, at its own pace.\n`);
    return playAll({ ...running, apiKey }, adminKey);
  }
  const env = { TIME_SCALE: DEMO_TIME_SCALE, ...process.env };
  const progress = createProgress();
  await using product = await startProduct({ env, isWatching: false, progress, signal });
  console.log(`\nTime runs ${1 / Number(env.TIME_SCALE)} times as fast as in earnest.\n`);
  const faultCount = await playAll({ ...product.addresses, apiKey }, adminKey);
  console.log();
  return faultCount;
}

/** All at once; the vendors' stories are told when the others are. */
async function playAll(product: Product, adminKey: string): Promise<number> {
  const [faultCount, vendors] = await Promise.all([play(product), playVendors(product, adminKey)]);
  console.log(`\nAnd each vendor's client, by the request that it sends to the vendor:\n`);
  console.log(vendors.text);
  return faultCount + vendors.faultCount;
}

function readConfig(read: EnvReader) {
  const api = read.url("API_URL", { default: "" });
  const carrierSimulator = read.url("SIMULATOR_URL", { default: "http://127.0.0.1:8082" });
  return {
    given: api === "" ? undefined : { api, carrierSimulator },
    apiKey: read.text("API_KEY", { default: DEMO_KEY }),
    adminKey: read.text("ADMIN_KEY", { default: DEMO_ADMIN_KEY }),
  };
}

async function readRunning(): Promise<Addresses | undefined> {
  if (!existsSync(ADDRESS_FILE)) return undefined;
  const addresses: Addresses = JSON.parse(await readFile(ADDRESS_FILE, "utf8"));
  const ready = await fetch(`${addresses.metrics}/readyz`).catch(() => undefined);
  return ready?.ok ? addresses : undefined;
}
