// What the product on this machine keeps shut: secrets of its own for each folder, made at the first
// start and kept as long as the data. Nobody else knows them, so nothing of a folder that gets copied
// or reached can be opened with what this repository says.
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Type } from "typebox";
import { Parse } from "typebox/value";

type Env = Readonly<Record<string, string | undefined>>;

/** Each with its size: 32 bytes are what AES-256 takes, and as many as SHA-256 has. */
const SECRETS = { SECRETS_KEY: 32, RECEIPT_SECRET: 32 } as const;
const Secrets = Type.Record(Type.String(), Type.String());

/**
 * The folder's secrets as environment, without those that `env` gives itself. Missing ones are made
 * and written to `path`, which only this user may read.
 */
export async function ownSecrets(path: string, env: Env): Promise<Record<string, string>> {
  const kept = existsSync(path) ? Parse(Secrets, JSON.parse(await readFile(path, "utf8"))) : {};
  const all = Object.fromEntries(
    Object.entries(SECRETS).map(([name, byteCount]) => [
      name,
      kept[name] ?? randomBytes(byteCount).toString("base64"),
    ]),
  );
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify({ ...kept, ...all }, null, 2)}\n`, { mode: 0o600 });
  const isGiven = (name: string) => !!(env[name] || env[`${name}_FILE`]);
  return Object.fromEntries(Object.entries(all).filter(([name]) => !isGiven(name)));
}
