// What whoever comes to a busy thread waits for: it does one thing after the other. By the profile's samples, so what
// others do on its core does not count.
import type { Waits } from "./budget.ts";
import type { Owner } from "./stage-table.ts";

/** V8's own pause between two samples, which nobody sets. */
const SAMPLE_MS = 1;
/** Of those that come at any instant, so many find it busy for longer than is told. */
const SHARE = 0.01;

/** `owners` are of samples one after the other, null where nothing was done. */
export function waitsOf(owners: readonly (Owner | null)[]): Waits {
  const turns = turnsOf(owners);
  const waitOf = (left: readonly Owner[]) => {
    const counts = turns.map((turn) => turn.filter((owner) => left.includes(owner)).length);
    return waitMs(counts, owners.length);
  };
  return {
    ms: waitOf(["client", "node", "ours"]),
    withoutOursMs: waitOf(["client", "node"]),
    clientsMs: waitOf(["client"]),
  };
}

/** What was done without a pause, each time. */
function turnsOf(owners: readonly (Owner | null)[]): Owner[][] {
  const turns: Owner[][] = [[]];
  for (const owner of owners) {
    if (owner === null) turns.push([]);
    else turns.at(-1)?.push(owner);
  }
  return turns;
}

/** Of a turn of n samples, n - w are so early that whoever comes waits for more than w. */
function waitMs(counts: readonly number[], sampleCount: number): number {
  const laterThan = (wait: number) => {
    return counts.reduce((sum, count) => sum + Math.max(0, count - wait), 0);
  };
  let wait = 0;
  while (laterThan(wait) > SHARE * sampleCount) wait += 1;
  return wait * SAMPLE_MS;
}
