// Faults of a request as the native API tells them: all at once, with paths into its own body.

import { Problem, type ProblemFault } from "#libs/dialects/native/problem.ts";
import type { Fault } from "#libs/judgement/fault.ts";

/** The problem of a body with faults, of which there is at least one; its code is the first one's. */
export function problemOfFaults(faults: readonly Fault[]): Problem {
  const told: ProblemFault[] = faults.map(toProblemFault);
  const sentences = told.map(({ path, detail }) => `${path || "The body"} ${detail}`);
  return new Problem(faults[0]?.code ?? "invalid", `${sentences.join("; ")}.`, { faults: told });
}

/** A fault of a request as bodies, answers and stories of the native API have it. */
export function toProblemFault<Code extends string>({ code, path, words }: Told<Code>) {
  return { code, path: inBody(path), detail: inBody(words) };
}

type Told<Code extends string> = { code: Code; path: string; words: string };

/** The contract has all rich content in one member; the body has the template in one of its own. */
function inBody(text: string): string {
  return text.replaceAll("/richJson/template", "/template").replaceAll("/richJson", "/rich");
}
