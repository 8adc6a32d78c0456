import { type Check, exitCodeOf, LOSS_MAX, type Unjudged } from "./find-losses.ts";
import type { Results } from "./results.ts";

const VERDICTS = {
  0: "Nothing is lost of what was compared.",
  1: "LOST: more than a fifth of a ratio.",
  2: "UNDECIDED: nothing is seen to be lost, but not all could be judged. Repeat it while nobody else uses the machine.",
};
const REASONS: Readonly<Record<Unjudged["why"], string>> = {
  noisy: "others used the machine, fewer than 3 rounds are left",
  absent: "not in 3 rounds of both runs",
};

type Run = Pick<Results, "machine" | "plan">;

/** In what two runs differ, a line each: their ratios may, too, without anybody's fault. */
export function differencesOf(before: Run, now: Run): string[] {
  const [was, is] = [settingsOf(before), settingsOf(now)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((name) => was.get(name) !== is.get(name))
    .map((name) => `DIFFERENT ${name}: ${was.get(name)} -> ${is.get(name)}`);
}

function settingsOf({ machine, plan }: Run): ReadonlyMap<string, string> {
  const settings = Object.entries({ ...machine, ...plan });
  return new Map(settings.map(([name, value]) => [name, JSON.stringify(value)]));
}

/** What `--check` found, as a person reads it. */
export function checkPage(check: Check): string {
  const rows = check.compared.map(({ what, before, now, loss }) => {
    const word = loss > LOSS_MAX ? "LOST" : "ok  ";
    return `${word} ${what}: ${before.toFixed(2)} -> ${now.toFixed(2)}`;
  });
  const open = check.unjudged.map(({ what, why }) => `?    ${what}: ${REASONS[why]}`);
  return [...rows, ...open, VERDICTS[exitCodeOf(check)]].join("\n");
}
