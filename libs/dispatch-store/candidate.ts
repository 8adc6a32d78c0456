// Who may be called for a command, as begin-call.lua is told of them.

/** One bucket: a call each `intervalUs`, and after a pause so many at once. */
export type Pace = {
  name: string;
  intervalUs: number;
  burstCount: number;
  /** The dispatchers of all channels count in it; else each channel has a bucket of that name. */
  isOfAllChannels: boolean;
  /** Several accounts count in it: each has one of its own before it. */
  isShared: boolean;
};

export type Candidate = {
  provider: string;
  /** It is not called while its circuit is open. */
  isGuarded: boolean;
  paces: readonly Pace[];
};

/** The script's arguments for one. */
export function candidateArgs({ provider, isGuarded, paces }: Candidate): string[] {
  const buckets = paces.map((pace) => {
    const { name, intervalUs, burstCount, isOfAllChannels, isShared } = pace;
    return [name, intervalUs, burstCount, isOfAllChannels, isShared];
  });
  return [provider, isGuarded ? "1" : "0", JSON.stringify(buckets)];
}
