// For servers of which no webhook is asked: every call fails.
import type { ApiDeps } from "#services/api/api-deps.ts";

const fail = () => Promise.reject(new Error("No webhook is asked for here."));

export const noWebhooks: Pick<ApiDeps, "webhookQueue" | "secretsKeys" | "clocks"> = {
  clocks: { earlierNow: () => Date.now() },
  secretsKeys: [Buffer.alloc(32)],
  webhookQueue: {
    dead: { bury: fail, list: fail, find: fail, remove: fail, count: fail },
    findTold: fail,
    enqueue: fail,
    enqueueRetold: fail,
    enqueueAgain: fail,
    claimDue: fail,
    settle: fail,
    backlog: fail,
    standings: fail,
    failing: fail,
    forgetFailing: fail,
  },
};
