// What our services take for each event, by whose it is, and whose part of that is in a goal's way.
import { show } from "../figures/show.ts";
import type { LoadBudget } from "./budget.ts";
import { type Cost, costsOf, ownedUs, servicesOf, sum } from "./costs.ts";
import type { Owner } from "./stage-table.ts";

/** Of what is ours, so many are named. */
const NAMED_COUNT_MAX = 4;

type Taken = Readonly<Record<Owner | "all", number>> & { costs: readonly Cost[] };

/** What our services take for each event, us. */
export function takenBy(load: LoadBudget): Taken {
  const costs = servicesOf(load).flatMap(([, process]) => costsOf(process, load.eventCount));
  return {
    all: sum(costs.map(({ us }) => us)),
    client: ownedUs(costs, "client"),
    node: ownedUs(costs, "node"),
    ours: ownedUs(costs, "ours"),
    costs,
  };
}

/** The stages of ours that take most. */
export function biggestOf(costs: readonly Cost[]): string {
  const byName = Map.groupBy(
    costs.filter(({ owner }) => owner === "ours"),
    ({ name }) => name,
  );
  return [...byName]
    .map(([name, all]) => ({ name, us: sum(all.map(({ us }) => us)) }))
    .toSorted((a, b) => b.us - a.us)
    .slice(0, NAMED_COUNT_MAX)
    .map(({ name, us }) => `${name} ${show(us)}`)
    .join(", ");
}

/** Whose part has to become smaller, of what is left without ours. */
export function leftVerb(
  wantedUs: number,
  { withNode, least }: { withNode: number; least: number },
  clients: "cheaper clients" | "cheaper clients and servers",
): string {
  if (least > wantedUs) return `the goal needs ${clients}`;
  return withNode > wantedUs
    ? "the goal needs Node's part to cost less"
    : "what is ours is the limit";
}
