// Requests that are refused for a limit of the operator's, told to whoever in the process counts them:
// dialects judge in a dozen places, and none of them should have to think of it.
import { channel } from "node:diagnostics_channel";
import { type Fault, isLimitCode } from "./fault.ts";

const refusals = channel("fallthrough:limit-refusals");

type Listener = (accountId: string, codes: readonly string[]) => void;

/** Tells of a request's faults if limits are among them. */
export function tellLimits(accountId: string, faults: readonly Fault[]): void {
  if (faults.length === 0 || !refusals.hasSubscribers) return;
  const codes = new Set(faults.map(({ code }) => code).filter(isLimitCode));
  if (codes.size > 0) refusals.publish([accountId, [...codes]]);
}

/** Hears of every request that is refused so, those that are only rehearsed among them, until it is disposed. */
export function onLimits(listener: Listener): Disposable {
  const hear = (message: unknown) => {
    if (Array.isArray(message)) listener(String(message[0]), message[1]);
  };
  refusals.subscribe(hear);
  return {
    [Symbol.dispose]() {
      refusals.unsubscribe(hear);
    },
  };
}
