// Which API the terminal tool talks to, and as whom.
import type { Command } from "commander";
import { type NotedAddresses, readAddressFile } from "#deploy/product/address-file.ts";
import { DEMO_ADMIN_KEY, DEMO_KEY } from "#libs/config/demo-keys.ts";
import { type ApiClient, createApiClient } from "./api-client.ts";
import { unreachableFault, usageFault } from "./faults.ts";
import type { Env } from "./settings/file-credentials.ts";

const DEFAULT_URL = "http://127.0.0.1:8080";
const LOOPBACK = ["127.0.0.1", "[::1]", "localhost"];
/** By these the services find what they stand on. */
const INFRASTRUCTURE = ["KAFKA_BROKERS", "SCHEMA_REGISTRY_URL", "REDIS_URL"];

/** The options that every command takes; commander fills them from the environment too. */
export type GlobalFlags = { url?: string; key?: string; adminKey?: string; json?: boolean };

/** A client with the key that sends and reads messages. Throws Fault where no key is known. */
export function messageClient(command: Command): ApiClient {
  const { url: given, key } = command.optsWithGlobals<GlobalFlags>();
  const url = chooseUrl(given, readAddressFile());
  return createApiClient({
    url,
    key: chooseKey(url, key, MESSAGE_KEY),
    isForPrint: !isJson(command),
  });
}

/** A client with the key that makes and revokes keys. Throws Fault where no key is known. */
export function adminClient(command: Command): ApiClient {
  return createApiClient({ ...adminOptions(command), isForPrint: !isJson(command) });
}

/** The same for settings: they are compared and written back, so they come as they are. */
export function settingsClient(command: Command): ApiClient {
  return createApiClient({ ...adminOptions(command), isForPrint: false });
}

function adminOptions(command: Command) {
  const { url: given, adminKey } = command.optsWithGlobals<GlobalFlags>();
  const url = chooseUrl(given, readAddressFile());
  return { url, key: chooseKey(url, adminKey, ADMIN_KEY) };
}

function isJson(command: Command): boolean {
  return command.optsWithGlobals<GlobalFlags>().json === true;
}

/** What was given, else where `npm start` says that it runs, else its usual address. */
export function chooseUrl(given: string | undefined, noted: NotedAddresses | undefined): string {
  const url = given || noted?.api || DEFAULT_URL;
  if (!/^https?:/i.test(url) || !URL.canParse(url)) {
    throw usageFault(`${url} is no HTTP address. Give --url or FALLTHROUGH_URL as ${DEFAULT_URL}.`);
  }
  return url.replace(/\/+$/, "");
}

/** The environment, with the Kafka, registry and Redis of the product in this folder where it names none. */
export function infrastructureEnv(command: Command, env: Env): Env {
  const { url } = command.optsWithGlobals<GlobalFlags>();
  return chooseInfrastructure(url, env, readAddressFile());
}

/**
 * One variable is enough to mean another place: half of each would be compared. So is the address of an
 * API elsewhere. Throws Fault where nothing is named and nothing runs here.
 */
export function chooseInfrastructure(
  url: string | undefined,
  env: Env,
  noted: NotedAddresses | undefined,
): Env {
  if (INFRASTRUCTURE.some((name) => env[name])) return env;
  if (noted && chooseUrl(url, noted) === noted.api) return { ...noted.infrastructure, ...env };
  const names = INFRASTRUCTURE.join(", ");
  if (url) throw usageFault(`What ${url} stands on is not known here: set ${names}.`);
  throw unreachableFault(`Nothing runs here. Start it with \`npm start\`, or set ${names}.`);
}

type KeyRule = { option: string; variable: string; demoKey: string };
const MESSAGE_KEY = { option: "--key", variable: "FALLTHROUGH_KEY", demoKey: DEMO_KEY };
const ADMIN_KEY = {
  option: "--admin-key",
  variable: "FALLTHROUGH_ADMIN_KEY",
  demoKey: DEMO_ADMIN_KEY,
};

/** The public keys are good on loopback only; elsewhere a key must be given. */
export function chooseKey(url: string, given: string | undefined, rule: KeyRule): string {
  if (given) return given;
  if (LOOPBACK.includes(new URL(url).hostname)) return rule.demoKey;
  throw usageFault(`${url} needs a key. Set ${rule.variable}, or give ${rule.option}.`);
}
