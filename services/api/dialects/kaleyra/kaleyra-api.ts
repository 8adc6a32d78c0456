// Kaleyra's workflow API: what it answers where a request is not served.
import {
  type ErrorCode,
  KaleyraError,
  kaleyraErrorBody,
} from "#libs/dialects/kaleyra/api-error.ts";
import { adviceSentence, type HttpFault } from "#libs/http/http-fault.ts";
import { RequestRefused } from "#libs/judgement/request-refused.ts";
import { type RefusalCode, SettingRefusal } from "#libs/settings/setting-refusal.ts";
import type { Answer } from "../../http/answer.ts";
import type { ApiDialect } from "../api-dialect.ts";
import { isKaleyraPath, kaleyraRoutes } from "./routes.ts";

export const kaleyraApi: ApiDialect = {
  name: "kaleyra",
  owns: isKaleyraPath,
  routes: kaleyraRoutes,
  challenge: "ApiKey",
  refusalOf: (error) => {
    if (error instanceof KaleyraError) return answerOf(error);
    if (error instanceof RequestRefused) {
      return answerOf(new KaleyraError(403, "FORBIDDEN", `${error.message}.`));
    }
    return error instanceof SettingRefusal ? answerOf(ofSettings(error)) : undefined;
  },
  answerTo: (fault) => answerOf(ofHttp(fault)),
};

function answerOf(error: KaleyraError): Answer {
  return { status: error.status, body: kaleyraErrorBody(error) };
}

/** Whatever is not here is a conflict with what there is. */
const OF_SETTINGS: ReadonlyMap<RefusalCode, readonly [status: number, code: ErrorCode]> = new Map([
  ["not-found", [404, "NOT_FOUND"]],
  ["invalid", [400, "INVALID_REQUEST"]],
  ["unknown-reference", [400, "INVALID_REQUEST"]],
]);

function ofSettings({ code, message }: SettingRefusal): KaleyraError {
  const [status, errorCode] = OF_SETTINGS.get(code) ?? [409, "CONFLICT"];
  return new KaleyraError(status, errorCode, message);
}

/** Any other of the client's is a bad request. */
const OF_HTTP: ReadonlyMap<number, ErrorCode> = new Map([
  [404, "NOT_FOUND"],
  [429, "TOO_MANY_REQUESTS"],
  [500, "INTERNAL_ERROR"],
  [503, "SERVICE_UNAVAILABLE"],
]);

function ofHttp(fault: HttpFault): KaleyraError {
  const { status } = fault;
  const errorCode =
    OF_HTTP.get(status) ?? (status === 400 ? "INVALID_FIELD_FORMAT" : "INVALID_REQUEST");
  return new KaleyraError(status, errorCode, adviceSentence(fault));
}
