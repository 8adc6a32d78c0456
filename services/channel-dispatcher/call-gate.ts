/** Runs a task once a place is free; tasks get their places in the order in which they came. */
export type CallGate = <Result>(task: () => Promise<Result>) => Promise<Result>;

/** A gate with `placeCount` places: so many calls of one channel are in flight at most. */
export function callGate(placeCount: number): CallGate {
  const waiting: (() => void)[] = [];
  let freeCount = placeCount;
  return async (task) => {
    if (freeCount > 0) freeCount -= 1;
    // Whoever leaves hands its place on, so that the count stays as it is.
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else freeCount += 1;
    }
  };
}
