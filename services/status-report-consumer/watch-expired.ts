import { RetriableError } from "#libs/errors.ts";
import { settleExpired } from "./handler.ts";
import type { Joining } from "./join-reports.ts";

/** What waits for minutes need not go to the second. */
const EVERY_MS = 6_000;

/**
 * Settles what has waited too long, now and then; whatever a look meets is told, and looked at again.
 * Disposal waits for what is being settled.
 */
export function watchExpired(flow: Joining): AsyncDisposable {
  let settling: Promise<void> | undefined;
  async function settle(): Promise<void> {
    try {
      await settleExpired(flow);
    } catch (error) {
      const level = error instanceof RetriableError ? "warn" : "error";
      flow.log[level]({ err: error }, "what has waited too long is settled later");
    } finally {
      settling = undefined;
    }
  }
  const timer = setInterval(() => {
    settling ??= settle();
  }, EVERY_MS);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await settling;
    },
  };
}
