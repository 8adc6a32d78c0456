// The native API: what it answers where a request is not served.
import {
  PROBLEM_TYPE,
  Problem,
  type ProblemCode,
  problemBody,
  refusedAs,
} from "#libs/dialects/native/problem.ts";
import { problemOfFaults } from "#libs/dialects/native/send/refuse.ts";
import { adviceSentence, type HttpFault } from "#libs/http/http-fault.ts";
import { RequestRefused } from "#libs/judgement/request-refused.ts";
import type { Answer } from "../../http/answer.ts";
import type { ApiDialect } from "../api-dialect.ts";
import { NATIVE_PATH, nativeRoutes } from "./routes.ts";

export const nativeApi: ApiDialect = {
  name: "native",
  owns: (path) => path.startsWith(NATIVE_PATH),
  routes: nativeRoutes,
  challenge: "Bearer",
  refusalOf: (error) => {
    const problem =
      error instanceof RequestRefused ? problemOfFaults(error.faults) : refusedAs(error);
    return problem && answerOf(problem);
  },
  answerTo: (fault) => answerOf(problemOf(fault)),
};

function answerOf(problem: Problem): Answer {
  return { status: problem.status, type: PROBLEM_TYPE, body: problemBody(problem) };
}

/** By status; any other is `bad-request`. */
const CODES: ReadonlyMap<number, ProblemCode> = new Map([
  [404, "not-found"],
  [429, "too-many-requests"],
  [500, "internal-error"],
  [503, "unavailable"],
]);

function problemOf(fault: HttpFault): Problem {
  const { status } = fault;
  return new Problem(CODES.get(status) ?? "bad-request", adviceSentence(fault), { status });
}
