// Faults of a request as the native API tells them: all at once, with paths into its own body.

import { Problem, type ProblemFault } from "#libs/dialects/native/problem.ts";
import type { Fault } from "#libs/judgement/fault.ts";

/** The problem of a body with faults, of which there is at least one; its code is the first one's. */
export function problemOfFaults(faults: readonly Fault[]): Problem {
  const told = faults.map(toProblemFault);
  const sentences = told.map(({ path, detail }) => `${path || "The body"} ${detail}`);
  return new Problem(faults[0]?.code ?? "invalid", `${sentences.join("; ")}.`, { faults: told });
}

function toProblemFault({ code, path, words }: Fault): ProblemFault {
  return { code, path: inBody(path), detail: inBody(words) };
}

/** The contract has all rich content in one member; the body has the template in one of its own. */
function inBody(text: string): string {
  return text.replaceAll("/richJson/template", "/template").replaceAll("/richJson", "/rich");
}
