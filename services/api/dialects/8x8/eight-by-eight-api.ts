// 8x8's API: what it answers where a request is not served. Its list of codes has none for a body that
// is too large or unreadable but 1000, and none for what is of ours but 2000.
import { errorBody, Refusal } from "#libs/dialects/8x8/refusal.ts";
import { refusalOfFaults } from "#libs/dialects/8x8/refusal-of-faults.ts";
import type { HttpFault } from "#libs/http/http-fault.ts";
import { ShapeError } from "#libs/json/parse-given.ts";
import { RequestRefused } from "#libs/judgement/request-refused.ts";
import { SettingRefusal } from "#libs/settings/setting-refusal.ts";
import type { Answer } from "../../http/answer.ts";
import type { ApiDialect } from "../api-dialect.ts";
import { eightByEightRoutes } from "./routes.ts";

export const eightByEightApi: ApiDialect = {
  name: "8x8",
  owns: (path) => path.startsWith("/api/v1") || path.startsWith("/files/"),
  routes: eightByEightRoutes,
  challenge: "Bearer",
  refusalOf: (error) => {
    if (error instanceof Refusal) return answerOf(error);
    if (error instanceof RequestRefused) {
      const refusal = refusalOfFaults(error.faults, { steps: [], isNamed: true });
      return refusal && answerOf(refusal);
    }
    const isRefused = error instanceof SettingRefusal || error instanceof ShapeError;
    return isRefused ? answerOf(new Refusal(1000, error.message)) : undefined;
  },
  answerTo: (fault) => answerOf(refusalOf(fault)),
};

function answerOf(refusal: Refusal): Answer {
  const body = errorBody(refusal);
  const { errorId } = body;
  return { status: refusal.status, body, errorId };
}

function refusalOf({ status, advice }: HttpFault): Refusal {
  if (status === 429) return new Refusal(1100, advice, 429);
  if (status === 500) return new Refusal(2000);
  if (status === 503) return new Refusal(2000, advice, 503);
  return new Refusal(status === 404 ? 1300 : 1000, advice, status);
}
