// The risk of a duplicate, told to a person.
import type { Step } from "#libs/fallback/state.ts";
import { channelName } from "#libs/story/wording.ts";
import type { DuplicateRisk } from "./duplicate-risk.ts";

/** One sentence; null where there is no risk. */
export function duplicateReason(found: DuplicateRisk, steps: readonly Step[]): string | null {
  if (found.risk === "none") return null;
  const names = found.attemptIndexes.map((index) => channelName(steps[index]?.channel ?? ""));
  switch (found.because) {
    case "reached-twice":
      return `${names.join(" and ")} reach the person.`;
    case "may-still-arrive":
      return `${names.join(" and ")} may reach the person: a step was left before its channel gave up.`;
    case "called-again":
      return `${names.join(" and ")} was called again, because the answer to the first call was lost.`;
  }
}
