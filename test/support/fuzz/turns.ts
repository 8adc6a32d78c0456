// Work that takes turns.

export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** So much of it goes on at once; the rest begins in the order of its calls. */
export function turnsOf(count: number): InTurn {
  const waiting: (() => void)[] = [];
  let free = count;
  return async (work) => {
    if (free === 0) await new Promise<void>((begin) => waiting.push(begin));
    else free--;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
