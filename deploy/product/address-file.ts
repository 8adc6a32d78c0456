import { join } from "node:path";

/** Where the product keeps its data, its logs and the pid files of its parts. */
export const DATA_DIR = join(import.meta.dirname, "../../.fallthrough");
/** The secrets of the product in this folder. */
export const SECRETS_FILE = join(DATA_DIR, "secrets.json");
/** While the product runs, this file tells others, such as the demonstration, where it is. */
export const ADDRESS_FILE = join(DATA_DIR, "addresses.json");
