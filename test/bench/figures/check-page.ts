import type { Compared } from "./find-losses.ts";
import { LOSS_MAX } from "./find-losses.ts";

/** What `--check` found, as a person reads it. */
export function checkPage(compared: readonly Compared[]): string {
  if (compared.length === 0) return "Nothing to compare: no ratio that both runs have.";
  const rows = compared.map(({ what, before, now, loss }) => {
    const word = loss > LOSS_MAX ? "LOST" : "ok  ";
    return `${word} ${what}: ${before.toFixed(2)} -> ${now.toFixed(2)}`;
  });
  return rows.join("\n");
}
