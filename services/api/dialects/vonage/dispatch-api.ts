// Vonage's Dispatch API: it refuses in the form of Messages.
import { errorOfCaps } from "#libs/dialects/vonage/dispatch/request/dispatch-error.ts";
import { RequestRefused } from "#libs/judgement/request-refused.ts";
import type { ApiDialect } from "../api-dialect.ts";
import { dispatchRoutes, isDispatchPath } from "./dispatch-routes.ts";
import { vonageApi } from "./vonage-api.ts";

export const dispatchApi: ApiDialect = {
  ...vonageApi,
  name: "vonage-dispatch",
  owns: isDispatchPath,
  routes: dispatchRoutes,
  // Messages has 422 for what is no JSON; the document of Dispatch knows no such status.
  refusalOf: (error) => {
    const refused = error instanceof RequestRefused ? errorOfCaps(error.faults) : error;
    const answer = vonageApi.refusalOf(refused);
    return answer?.status === 422 ? { ...answer, status: 400 } : answer;
  },
};
