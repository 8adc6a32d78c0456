// Errors with one code are the same for every operation: shown once, and referred to.
import { PROBLEM_TYPE } from "./problem-answer.ts";

type Responses = Record<string, { content?: Record<string, { examples?: object }> }>;

/** Moves them into what it returns, by status and code, and leaves references behind. */
export function shareProblems(operations: readonly { responses: Responses }[]) {
  const shared: Responses = {};
  for (const { responses } of operations) {
    for (const [status, response] of Object.entries(responses)) {
      const codes = Object.keys(response.content?.[PROBLEM_TYPE]?.examples ?? {});
      if (codes.length !== 1) continue;
      const name = `${status}-${codes[0]}`;
      shared[name] = response;
      Object.assign(responses, { [status]: { $ref: `#/components/responses/${name}` } });
    }
  }
  return shared;
}
