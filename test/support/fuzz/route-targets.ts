// Every route of every listener, as a target of the fuzz tier.
import type { Product } from "#test/support/product.ts";
import { feedRoute } from "./feed-route.ts";
import { type LevelCounts, levelCounts } from "./levels.ts";
import { type OddRequest, oddRequests } from "./odd-requests.ts";
import type { FuzzTarget } from "./rounds.ts";
import { makeRoutes } from "./routes.ts";
import { turnsOf } from "./turns.ts";

export type RouteTarget = FuzzTarget<OddRequest> & {
  /** How many requests at each level were answered. */
  answered: LevelCounts;
  /** How often each status was the answer. */
  statuses: LevelCounts;
};

/** At once, to all routes together. */
const CONNECTION_COUNT = 512;
/** At once, to one route: the last ones, which are answered late, are left to themselves at the end. */
const ROUTE_CONNECTION_COUNT = 64;

/** Those whose name has `only`. */
export async function routeTargets(product: Product, only: string): Promise<RouteTarget[]> {
  const routes = (await makeRoutes(product)).filter(({ name }) => name.includes(only));
  const inTurn = turnsOf(CONNECTION_COUNT);
  const connectionCount = ROUTE_CONNECTION_COUNT;
  return routes.map((route) => {
    const answered = levelCounts();
    const statuses = levelCounts();
    const told = ({ labels }: OddRequest, status: number) => {
      statuses.add([String(status)]);
      if (status !== 0) answered.add(labels);
    };
    return {
      name: route.name,
      answered,
      statuses,
      inputs: () => oddRequests(route),
      feed: (requests) =>
        feedRoute({ origin: route.origin, connectionCount, inTurn }, requests, told),
    };
  });
}
