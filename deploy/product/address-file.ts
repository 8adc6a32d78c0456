import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";

/** Where the product keeps its data, its logs and the pid files of its parts. */
export const DATA_DIR = join(import.meta.dirname, "../../.fallthrough");
/** The secrets of the product in this folder. */
export const SECRETS_FILE = join(DATA_DIR, "secrets.json");
/** While the product runs, this file tells others, such as the demonstration, where it is. */
export const ADDRESS_FILE = join(DATA_DIR, "addresses.json");

const Noted = Type.Object({
  api: Type.String(),
  carrierSimulator: Type.String(),
  metrics: Type.String(),
  /** Variables of the services by which its Kafka, registry and Redis are found; no part that has a login. */
  infrastructure: Type.Record(Type.String(), Type.String()),
});
export type NotedAddresses = Static<typeof Noted>;

/** What the product in this folder has noted; undefined where none runs. */
export function readAddressFile(): NotedAddresses | undefined {
  return existsSync(ADDRESS_FILE)
    ? parseAddressFile(readFileSync(ADDRESS_FILE, "utf8"))
    : undefined;
}

/** Undefined also for a file that was cut off, or is another version's: nothing is known of that product. */
export function parseAddressFile(text: string): NotedAddresses | undefined {
  try {
    const noted: unknown = JSON.parse(text);
    return Value.Check(Noted, noted) ? noted : undefined;
  } catch {
    return undefined;
  }
}
