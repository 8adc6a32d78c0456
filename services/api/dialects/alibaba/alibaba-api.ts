// Alibaba Cloud's RPC: every action is at one path, and every answer is JSON.
import {
  ApiError,
  type ApiErrorCode,
  apiError,
  apiErrorBody,
} from "#libs/dialects/alibaba/api-error.ts";
import type { Answer } from "../../http/answer.ts";
import type { ApiDialect } from "../api-dialect.ts";
import { newRequestId } from "./request-id.ts";
import { ALIBABA_PATH, alibabaRoutes } from "./routes.ts";

/** By HTTP status; any other of the client's is a bad request under its own number. */
const CODES: Readonly<Record<number, ApiErrorCode>> = {
  404: "InvalidAction.NotFound",
  405: "UnsupportedHTTPMethod",
  413: "RequestEntityTooLarge",
  415: "UnsupportedContentType",
  500: "InternalError",
  503: "ServiceUnavailable",
};

export const alibabaApi: ApiDialect = {
  name: "alibaba",
  owns: (path) => path === ALIBABA_PATH,
  routes: alibabaRoutes,
  challenge: "ACS3-HMAC-SHA256",
  refusalOf: (error) => (error instanceof ApiError ? answerOf(error) : undefined),
  answerTo: ({ status, advice }) => {
    const { code, message } = apiError(CODES[status] ?? "BadRequest", status < 500 ? advice : "");
    return answerOf(new ApiError(status, code, message));
  },
};

function answerOf(error: ApiError): Answer {
  const requestId = newRequestId();
  return {
    status: error.status,
    body: apiErrorBody(error, requestId),
    errorId: requestId,
  };
}
