// Who may be called for a command, as the scripts are told of them.

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

/** What its paces say to a command: nobody has asked, so long until its slot, or so long and it was given none, ms. */
export type PaceWord = "ask" | `slot ${number}` | `late ${number}`;

/** The arguments of begin-call.lua for one. */
export function candidateArgs({ provider, isGuarded }: Candidate, word: PaceWord): string[] {
  return [provider, isGuarded ? "1" : "0", word];
}

/** The arguments of ask-pace.lua. `leftMs`: how long the command may still be called. */
export function paceArgs({ provider, paces }: Candidate, leftMs: number): string[] {
  const buckets = paces.map((pace) => {
    const { name, intervalUs, burstCount, isOfAllChannels, isShared } = pace;
    return [name, intervalUs, burstCount, isOfAllChannels, isShared];
  });
  return [provider, String(Math.floor(leftMs)), JSON.stringify(buckets)];
}
