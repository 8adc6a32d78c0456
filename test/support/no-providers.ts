// For servers of which no connection is tried.
import { Agent } from "undici";
import type { ApiDeps } from "#services/api/api-deps.ts";

export const noProviders: Pick<ApiDeps, "calling"> = {
  calling: {
    agent: new Agent(),
    connectSocket: () => Promise.reject(new Error("No connection is tried here.")),
    timeoutMs: 1_000,
  },
};
