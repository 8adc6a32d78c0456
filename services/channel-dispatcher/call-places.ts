import type { Lane } from "#libs/dispatch-store/keys.ts";
import type { Held } from "#libs/dispatch-store/lanes.ts";

/** So many calls of one channel are in flight in this process at most; whose they are, it knows. */
export type CallPlaces = {
  freeCount(): number;
  held(): Held;
  /** Takes a place for a call of `lane`; what it returns leaves it. */
  enter(lane: Lane): () => void;
};

/** The places of one process for calls that are on their way. */
export function callPlaces(placeCount: number): CallPlaces {
  let freeCount = placeCount;
  const accounts = new Map<string, number>();
  const lanes = new Map<string, number>();
  return {
    freeCount: () => freeCount,
    held: () => ({
      accounts: Object.fromEntries(accounts),
      lanes: Object.fromEntries(lanes),
    }),
    enter({ accountId, name }) {
      freeCount -= 1;
      add(accounts, accountId, 1);
      add(lanes, name, 1);
      return () => {
        freeCount += 1;
        add(accounts, accountId, -1);
        add(lanes, name, -1);
      };
    },
  };
}

function add(counts: Map<string, number>, name: string, difference: number): void {
  const count = (counts.get(name) ?? 0) + difference;
  if (count === 0) counts.delete(name);
  else counts.set(name, count);
}
