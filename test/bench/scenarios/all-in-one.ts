// The process that `npm start` runs, on a broker, registry and Redis of its own: its timers and backlogs are in
// nobody's way.
import { NODE_FLAGS } from "#deploy/product/start-product.ts";
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
  const place = { env, cores: cores?.measured, flags: NODE_FLAGS };
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
