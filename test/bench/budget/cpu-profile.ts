// What V8 writes with --cpu-prof, and which samples of it were taken within a stretch of time.

export type Frame = { functionName: string; url: string };

export type CpuProfile = {
  nodes: readonly { id: number; callFrame: Frame; children?: readonly number[] }[];
  /** Us of the machine's monotonic clock, which `process.hrtime` has, too. */
  startTime: number;
  /** The node of each sample. */
  samples: readonly number[];
  /** From the sample before, or from the start, us. */
  timeDeltas: readonly number[];
};

/** In us, as in a profile. */
export type Window = { from: number; to: number };

/** The node of each sample within the window, in their order. */
export function samplesIn(profile: CpuProfile, { from, to }: Window): number[] {
  let at = profile.startTime;
  return profile.samples.filter((_id, index) => {
    at += profile.timeDeltas[index] ?? 0;
    return at >= from && at <= to;
  });
}

/** Samples of one function under one chain of callers, which begins with the function itself. */
export type Self = { chain: readonly Frame[]; sampleCount: number };

/**
 * Samples by where they were taken. They are counted, and not weighed by their
 * distance: of a process that was stopped, or had to wait for its core, one has all that time before it.
 */
export function selfSamples(profile: CpuProfile, samples: readonly number[]): Self[] {
  const counts = new Map<number, number>();
  for (const id of samples) counts.set(id, (counts.get(id) ?? 0) + 1);
  const chainOf = chainsOf(profile);
  return [...counts].map(([id, sampleCount]) => ({ chain: chainOf(id), sampleCount }));
}

/** The chain of a node, with which it is looked up again and again. */
export function chainsOf({ nodes }: CpuProfile): (id: number) => Frame[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const callers = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((each) => [each, id])),
  );
  return (id) => {
    const chain: Frame[] = [];
    for (let each: number | undefined = id; each !== undefined; each = callers.get(each)) {
      chain.push(frames.get(each) ?? { functionName: "", url: "" });
    }
    return chain;
  };
}
