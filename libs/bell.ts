// Wakes the one loop that waits for something to change, also where it rings before the loop waits.

export type Bell = {
  ring: () => void;
  /** Resolves at the next ring, or at once where it rang since the last call; after `limitMs` at the latest. */
  rung: (limitMs: number) => Promise<void>;
};

export function createBell(): Bell {
  let next = Promise.withResolvers<void>();
  return {
    ring: () => next.resolve(),
    async rung(limitMs) {
      const limit = setTimeout(next.resolve, limitMs);
      await next.promise;
      clearTimeout(limit);
      next = Promise.withResolvers();
    },
  };
}
