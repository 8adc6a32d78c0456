// The process that `npm start` runs, on a broker, registry and Redis of its own: its timers and backlogs are in
// nobody's way.
import { NODE_FLAGS } from "#deploy/product/start-product.ts";
import { startOwnInfrastructure } from "#test/support/own-infrastructure.ts";
import { choosePlaces } from "#test/support/places.ts";
import type { Bench, Stretch } from "../bench.ts";
import { pin } from "../machine/cores.ts";
import { findInfrastructurePids } from "../machine/infrastructure-pids.ts";
import { type Running, startService } from "../processes.ts";

/** `watched` are it and its servers. */
export type AllInOne = Running & Stretch & { apiPort: string };

/** Resolves once every service in it is ready. */
export async function startAllInOne({ env, cores }: Bench): Promise<AllInOne> {
  await using stack = new AsyncDisposableStack();
  const infrastructure = stack.use(await startOwnInfrastructure());
  const servers = await findInfrastructurePids(infrastructure);
  if (cores) await pin(Object.values(servers), cores.servers);
  const places = await choosePlaces(1, infrastructure);
  const place = { env: { ...env, ...places.env }, cores: cores?.measured, flags: NODE_FLAGS };
  const { pid, ...service } = await startService("all-in-one", place);
  stack.use(service);
  const owned = stack.move();
  return {
    pid,
    apiPort: new URL(places.apiUrl).port,
    watched: { node: pid, ...servers },
    infrastructure,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
