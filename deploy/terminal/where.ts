// Which API the terminal tool talks to, and as whom.
import { existsSync, readFileSync } from "node:fs";
import type { Command } from "commander";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { ADDRESS_FILE } from "#deploy/product/address-file.ts";
import { DEMO_ADMIN_KEY, DEMO_KEY } from "#libs/config/demo-keys.ts";
import { type ApiClient, createApiClient } from "./api-client.ts";
import { usageFault } from "./faults.ts";

const DEFAULT_URL = "http://127.0.0.1:8080";
const LOOPBACK = ["127.0.0.1", "[::1]", "localhost"];
const Addresses = Type.Object({ api: Type.String() });

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
export function chooseUrl(given: string | undefined, addressFile: string | undefined): string {
  const url = given || noted(addressFile) || DEFAULT_URL;
  if (!/^https?:/i.test(url) || !URL.canParse(url)) {
    throw usageFault(`${url} is no HTTP address. Give --url or FALLTHROUGH_URL as ${DEFAULT_URL}.`);
  }
  return url.replace(/\/+$/, "");
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

function noted(addressFile: string | undefined): string | undefined {
  if (addressFile === undefined) return undefined;
  const addresses: unknown = JSON.parse(addressFile);
  return Value.Check(Addresses, addresses) ? addresses.api : undefined;
}

function readAddressFile(): string | undefined {
  return existsSync(ADDRESS_FILE) ? readFileSync(ADDRESS_FILE, "utf8") : undefined;
}
