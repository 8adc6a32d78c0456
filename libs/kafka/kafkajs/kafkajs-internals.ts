// The way to those parts of kafkajs that this folder repairs. Its version is checked, so that an
// upgrade makes someone look whether the repairs still fit, or are still needed.
import { createRequire } from "node:module";

const REPAIRED_VERSION = "2.2.4";

const require = createRequire(import.meta.url);

/** Puts `exported` in the place of what a module of kafkajs' source folder exports to the others. */
export function replaceInternal(path: string, exported: unknown): void {
  requireInternal(path);
  const module = require.cache[require.resolve(`kafkajs/src/${path}`)];
  if (module) module.exports = exported;
}

/** Loads a module of kafkajs' source folder. Throws if another version is installed. */
export function requireInternal(path: string) {
  const { version }: { version: string } = require("kafkajs/package.json");
  if (version !== REPAIRED_VERSION) {
    throw new Error(
      `The repairs in libs/kafka/kafkajs are for kafkajs ${REPAIRED_VERSION}, not ${version}.`,
    );
  }
  return require(`kafkajs/src/${path}`);
}
