// Infobip's Messages API: what it answers where a request is not served.
import { ApiError, apiErrorBody } from "#libs/dialects/infobip/api-error.ts";
import type { Answer } from "../../http/answer.ts";
import type { ApiDialect } from "../api-dialect.ts";
import { infobipRoutes, isInfobipPath } from "./routes.ts";

export const infobipApi: ApiDialect = {
  name: "infobip",
  owns: isInfobipPath,
  routes: infobipRoutes,
  challenge: "App",
  refusalOf: (error) => (error instanceof ApiError ? answerOf(error) : undefined),
  answerTo: ({ status, advice }) => {
    // What is wrong with a request that cannot be read is a violation of the whole.
    const isTold = status !== 404 && status < 500;
    return answerOf(new ApiError(status, isTold ? [{ property: "", violation: advice }] : []));
  },
};

function answerOf(error: ApiError): Answer {
  return { status: error.status, body: apiErrorBody(error) };
}
