// One person written in several ways, or several times, in one batch: each message is taken, and told.
import type { Recipient } from "#libs/contracts/generated/types.ts";
import type { RequestWarning } from "./warnings.ts";

/** For the messages of one batch, in their order: the warning of each whose number an earlier one has. */
export function sameNumberFinder() {
  const indexOf = new Map<string, number>();
  return ({ msisdn }: Recipient, index: number): RequestWarning | undefined => {
    if (!msisdn) return undefined;
    const earlier = indexOf.get(msisdn);
    if (earlier === undefined) {
      indexOf.set(msisdn, index);
      return undefined;
    }
    const words = `is the number of message ${earlier} of this batch too: the person gets both`;
    return { code: "same-number", path: "/recipient/msisdn", words };
  };
}
