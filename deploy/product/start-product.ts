// The whole product on this machine: infrastructure that keeps its data under `.fallthrough/`, and
// all services in one process on top of it.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Child, startChild } from "#deploy/infrastructure/child.ts";
import { readInfrastructureConfig } from "#deploy/infrastructure/config.ts";
import { lockFolder } from "#deploy/infrastructure/pid-file.ts";
import type { Progress } from "#deploy/infrastructure/progress.ts";
import {
  type Infrastructure,
  startInfrastructure,
} from "#deploy/infrastructure/start-infrastructure.ts";
import { waitForChild } from "#deploy/infrastructure/wait.ts";
import { ADDRESS_FILE, DATA_DIR, type NotedAddresses, SECRETS_FILE } from "./address-file.ts";
import { ownSecrets } from "./own-secrets.ts";
import { chooseDemoKeys } from "./product-demo-keys.ts";
import { type Addresses, chooseProductPorts } from "./product-ports.ts";
import { readableLogLine } from "./readable-log.ts";

const ROOT = join(import.meta.dirname, "../..");
/** MiB for what is new: Node lets it grow to twice as much, and an idle product would hold a third more memory. */
export const NODE_FLAGS = ["--max-semi-space-size=16"];
const MAIN = join(ROOT, "services/all-in-one/main.ts");
/** A piece of the command line of every script that may own the folder. */
const OWNER_MARKER = "deploy/scripts/";
const WATCHED = ["services", "libs", "schemas"].map((folder) => join(ROOT, folder));
const WATCH_FLAGS = ["--watch-preserve-output", ...WATCHED.map((path) => `--watch-path=${path}`)];
/** A little more than the services allow themselves for a graceful stop. */
const STOP_LIMIT_MS = 28_000;
const PROBE_LIMIT_MS = 2_000;

type Env = Readonly<Record<string, string | undefined>>;
type ProductOptions = {
  env: Env;
  /** Restart the services whenever one of their files changes. */
  isWatching: boolean;
  progress: Progress;
  signal: AbortSignal;
};

export type Product = AsyncDisposable & {
  addresses: Addresses;
  infrastructure: Infrastructure;
  /** Whether the public keys are good there. */
  hasDemoKeys: boolean;
  /** Resolves with a sentence when the product or a part under it ends by itself. */
  failed: Promise<string>;
};

/** Resolves when every service is ready. Throws SetupError or ConfigError, with nothing left over. */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const { env, progress, signal } = options;
  await using stack = new AsyncDisposableStack();
  const config = readInfrastructureConfig(env);
  const lock = stack.use(await lockFolder(DATA_DIR, OWNER_MARKER));
  signal.addEventListener("abort", () => lock.noteEnding(), { once: true });
  const where = { dataDir: DATA_DIR, lifetime: "kept" as const };
  const infrastructure = stack.use(
    await startInfrastructure({ ...where, config, progress, signal }),
  );
  const { addresses, portEnv } = await chooseProductPorts(env, progress);
  // A new broker's first groups make clients complain and try again: until the services are ready,
  // and in case they never are, the log file says enough.
  let isShowing = false;
  const show = (sentence: string) => isShowing && progress.say(sentence);
  const secrets = await ownSecrets(SECRETS_FILE, env);
  const DEMO_KEYS = chooseDemoKeys(config, env);
  const servicesEnv = { ...infrastructure.env, ...portEnv, ...secrets, DEMO_KEYS };
  const services = stack.use(await startServices(servicesEnv, show, options));
  await waitForChild(services, () => isReady(addresses), { ...options, title: "services" });
  isShowing = true;
  progress.say("Every service is ready");
  stack.use(
    await publishAddresses({ ...addresses, infrastructure: openPlaces(infrastructure, env) }),
  );
  stack.defer(() => lock.noteEnding());
  const owned = stack.move();
  return {
    addresses,
    infrastructure,
    hasDemoKeys: DEMO_KEYS === "on",
    failed: Promise.race([infrastructure.failed, endOf(services)]),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function startServices(
  services: Record<string, string>,
  show: (sentence: string) => void,
  { env, isWatching }: ProductOptions,
): Promise<Child> {
  const settings = Object.entries(env).filter((entry): entry is [string, string] => !!entry[1]);
  return startChild(
    {
      name: "all-in-one",
      command: process.execPath,
      args: [...NODE_FLAGS, ...(isWatching ? WATCH_FLAGS : []), MAIN],
      env: { ...Object.fromEntries(settings), ...services },
      marker: MAIN,
      stopLimitMs: STOP_LIMIT_MS,
      onLine: (line) => {
        const sentence = readableLogLine(line);
        if (sentence !== undefined) show(sentence);
      },
    },
    DATA_DIR,
  );
}

async function isReady({ metrics }: Addresses): Promise<boolean> {
  const response = await fetch(`${metrics}/readyz`, {
    signal: AbortSignal.timeout(PROBE_LIMIT_MS),
  });
  await response.arrayBuffer();
  return response.ok;
}

/** What has a login stands in the environment of whoever may see it, and is not written down. */
function openPlaces({ env: places }: Infrastructure, env: Env): Record<string, string> {
  const { SHARD_COUNT } = env;
  const { isSecured } = readInfrastructureConfig(env);
  const { broker, registry, redis } = isSecured;
  const isOpen = { KAFKA_BROKERS: !broker, SCHEMA_REGISTRY_URL: !registry, REDIS_URL: !redis };
  const open = Object.entries(places).filter(([name]) => Reflect.get(isOpen, name));
  return { ...Object.fromEntries(open), ...(SHARD_COUNT && { SHARD_COUNT }) };
}

async function publishAddresses(addresses: NotedAddresses): Promise<AsyncDisposable> {
  await mkdir(DATA_DIR, { recursive: true });
  await writeFile(ADDRESS_FILE, `${JSON.stringify(addresses, null, 2)}\n`);
  return { [Symbol.asyncDispose]: () => rm(ADDRESS_FILE, { force: true }) };
}

async function endOf(services: Child): Promise<string> {
  const code = await services.exited;
  const lines = (await services.logEnding()).split("\n");
  const words = lines.map((line) => readableLogLine(line) ?? line).join("\n");
  return `The services ended by themselves (exit code ${code ?? "none"}). Last log lines:\n${words}`;
}
