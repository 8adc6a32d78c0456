import { type Check, exitCodeOf, LOSS_MAX, type Unjudged } from "./find-losses.ts";

const VERDICTS = {
  0: "Nothing is lost.",
  1: "LOST: more than a fifth of a ratio.",
  2: "UNDECIDED: nothing is seen to be lost, but not all could be judged. Repeat it while nobody else uses the machine.",
};
const REASONS: Readonly<Record<Unjudged["why"], string>> = {
  noisy: "others used the machine, fewer than 3 rounds are left",
  absent: "not in 3 rounds of both runs",
};

/** What `--check` found, as a person reads it. */
export function checkPage(check: Check): string {
  const rows = check.compared.map(({ what, before, now, loss }) => {
    const word = loss > LOSS_MAX ? "LOST" : "ok  ";
    return `${word} ${what}: ${before.toFixed(2)} -> ${now.toFixed(2)}`;
  });
  const open = check.unjudged.map(({ what, why }) => `?    ${what}: ${REASONS[why]}`);
  return [...rows, ...open, VERDICTS[exitCodeOf(check)]].join("\n");
}
