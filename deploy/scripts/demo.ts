// `npm run demo`: shows messages falling through their channels, and each vendor's client on its way.
// On accounts of its own, or on `demo` where ADMIN_KEY is not the product's and API_KEY is.
// On the product that API_URL, SIMULATOR_URL, API_KEY and ADMIN_KEY name, else on the one that runs in
// this folder, else on one that is started for it with time running twenty times as fast.
import { isForLackOfKey, openOwnAccount } from "#deploy/demo/own-account.ts";
import { play } from "#deploy/demo/play.ts";
import type { Product } from "#deploy/demo/product-client.ts";
import { playVendors } from "#deploy/demo/vendors/play.ts";
import { createProgress } from "#deploy/infrastructure/progress.ts";
import { SetupError } from "#deploy/infrastructure/setup-error.ts";
import { type NotedAddresses, readAddressFile } from "#deploy/product/address-file.ts";
import { startProduct } from "#deploy/product/start-product.ts";
import { stopSignal } from "#deploy/product/stop-signal.ts";
import { Fault } from "#deploy/terminal/faults.ts";
import { DEMO_ADMIN_KEY, DEMO_KEY } from "#libs/config/demo-keys.ts";
import { ConfigError, type EnvReader, readEnv } from "#libs/config/read-env.ts";
import { DEMO_ACCOUNT_ID } from "#libs/settings/demo-account.ts";

const STORIES_SETTINGS = new URL("../demo/settings.yaml", import.meta.url);
const DEMO_TIME_SCALE = "0.05";

// Whoever looks at a story can do nothing about what Node says of the vendors' clients.
Reflect.set(process, "noDeprecation", true);
const signal = stopSignal();
try {
  process.exitCode = (await demonstrate()) === 0 ? 0 : 1;
} catch (error) {
  process.exitCode = 1;
  const isExpected = [SetupError, ConfigError, Fault].some((kind) => error instanceof kind);
  console.error(isExpected && error instanceof Error ? `\n${error.message}` : error);
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
  const [faultCount, vendors] = await Promise.all([
    playStories(product, adminKey),
    playVendors(product, adminKey),
  ]);
  console.log(`\nAnd each vendor's client, by the request that it sends to the vendor:\n`);
  console.log(vendors.text);
  return faultCount + vendors.faultCount;
}

/** What somebody makes of account `demo` (caps, templates, real carriers) is none of the stories' business. */
async function playStories(product: Product, adminKey: string): Promise<number> {
  await using stack = new AsyncDisposableStack();
  try {
    const settings = STORIES_SETTINGS;
    return await play(stack.use(await openOwnAccount({ product, adminKey, settings })));
  } catch (error) {
    if (!isForLackOfKey(error)) throw error;
    return await play({ product, accountId: DEMO_ACCOUNT_ID });
  }
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

async function readRunning(): Promise<NotedAddresses | undefined> {
  const addresses = readAddressFile();
  if (!addresses) return undefined;
  const ready = await fetch(`${addresses.metrics}/readyz`).catch(() => undefined);
  return ready?.ok ? addresses : undefined;
}
