// The process that `npm start` runs, on a broker, registry and Redis of its own: its timers and backlogs are in
// nobody's way.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { startOwnInfrastructure } from "#test/support/own-infrastructure.ts";
import { choosePlaces } from "#test/support/places.ts";
import type { Bench } from "../bench.ts";
import { pin } from "../machine/cores.ts";
import { findInfrastructurePids } from "../machine/infrastructure-pids.ts";
import { type Running, startService } from "../processes.ts";

export type AllInOne = Running & {
  apiPort: string;
  /** It and its servers. */
  watched: Readonly<Record<string, number>>;
};

/** Resolves once every service in it is ready. */
export async function startAllInOne({ cores }: Bench): Promise<AllInOne> {
  await using stack = new AsyncDisposableStack();
  const infrastructure = stack.use(await startOwnInfrastructure());
  const servers = await findInfrastructurePids(infrastructure);
  if (cores) await pin(Object.values(servers), cores.servers);
  const { env, apiUrl } = await choosePlaces(1, infrastructure);
  const place = { env, cores: cores?.measured, flags: await flagsOfStart() };
  const { pid, ...service } = await startService("all-in-one", place);
  stack.use(service);
  const owned = stack.move();
  return {
    pid,
    apiPort: new URL(apiUrl).port,
    watched: { node: pid, ...servers },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** What `npm start` gives to Node. */
async function flagsOfStart(): Promise<readonly string[]> {
  const text = await readFile(join(import.meta.dirname, "../../../package.json"), "utf8");
  const { scripts } = JSON.parse(text) as { scripts: { start: string } };
  return scripts.start.match(/--\S+/g) ?? [];
}
