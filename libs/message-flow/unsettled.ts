// Shards on which a commit or a publish of this process failed half-way. What they hold in the outbox
// must be out before the same inputs, which then decide nothing, may count as handled.

export type Unsettled = {
  /** The shards, each with the number of the fault that was its last. */
  faults(): ReadonlyMap<number, number>;
  note(shard: number): void;
  /** The shard is settled as far as that fault goes; one that came meanwhile stands. */
  settled(shard: number, fault: number): void;
};

/** Nothing is unsettled yet. */
export function noUnsettled(): Unsettled {
  const faults = new Map<number, number>();
  let count = 0;
  return {
    faults: () => new Map(faults),
    note(shard) {
      count += 1;
      faults.set(shard, count);
    },
    settled(shard, fault) {
      if (faults.get(shard) === fault) faults.delete(shard);
    },
  };
}
