import { claimScript, saveAnswerScript } from "./claims.ts";
import { reserveScript } from "./rate-limit.ts";
import { claimDueScript, parkScript } from "./retry-queue.ts";

/** What a connection that dispatches has to load. */
export const DISPATCH_SCRIPTS = [
  claimScript,
  saveAnswerScript,
  parkScript,
  claimDueScript,
  reserveScript,
];
