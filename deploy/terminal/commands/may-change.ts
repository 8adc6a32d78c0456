// Whether changes that were shown are to be made.
import { createInterface } from "node:readline/promises";
import { goOnUnread } from "../closed-reader.ts";
import { usageFault } from "../faults.ts";

/**
 * Asks whoever is at the terminal, unless the options say it. Throws Fault where nobody is. From a yes on the command
 * goes on though nobody reads what it prints.
 */
export async function mayChange(
  { yes, dryRun }: { yes?: true; dryRun?: true },
  isJson: boolean,
): Promise<boolean> {
  if (dryRun) return false;
  const isWanted = yes ?? (await isAgreed(isJson));
  if (isWanted) goOnUnread();
  return isWanted;
}

async function isAgreed(isJson: boolean): Promise<boolean> {
  if (isJson || !process.stdin.isTTY || !process.stdout.isTTY) {
    throw usageFault("Nothing was changed, for nobody can be asked here. Say --yes.");
  }
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  // Ctrl-C is a no.
  const answer = await lines.question("\nMake these changes? [y/N] ").catch(() => "");
  lines.close();
  const isYes = /^y(es)?$/i.test(answer.trim());
  if (!isYes) console.log("Nothing was changed.");
  return isYes;
}
