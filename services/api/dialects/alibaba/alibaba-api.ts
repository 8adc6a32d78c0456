// Alibaba Cloud's RPC: every action is at one path, and every answer is JSON.
import {
  ApiError,
  type ApiErrorCode,
  apiError,
  apiErrorBody,
} from "#libs/dialects/alibaba/api-error.ts";
import { errorOfFaults } from "#libs/dialects/alibaba/send/error-of-faults.ts";
import { RequestRefused } from "#libs/judgement/request-refused.ts";
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
  429: "Throttling.User",
  500: "InternalError",
  503: "ServiceUnavailable",
};

/** Alibaba has no 401 for who is not whom they say. */
const STRANGERS: ReadonlySet<string> = new Set<ApiErrorCode>([
  "InvalidAccessKeyId.NotFound",
  "SignatureDoesNotMatch",
]);

export const alibabaApi: ApiDialect = {
  name: "alibaba",
  owns: (path) => path === ALIBABA_PATH,
  routes: alibabaRoutes,
  challenge: "ACS3-HMAC-SHA256",
  refusalOf: (error) => {
    const refused = error instanceof RequestRefused ? errorOfFaults(error.faults) : error;
    return refused instanceof ApiError ? answerOf(refused) : undefined;
  },
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
    isStranger: STRANGERS.has(error.code),
  };
}
