// For servers of which no connection is tried.
import { Agent } from "undici";
import type { ApiDeps } from "#services/api/api-deps.ts";

export const noProviders: Pick<ApiDeps, "calling"> = {
  calling: { agent: new Agent(), timeoutMs: 1_000 },
};
