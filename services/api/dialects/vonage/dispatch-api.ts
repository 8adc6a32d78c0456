// Vonage's Dispatch API: it refuses in the form of Messages.
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
    const answer = vonageApi.refusalOf(error);
    return answer?.status === 422 ? { ...answer, status: 400 } : answer;
  },
};
