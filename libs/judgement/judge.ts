// The one judge of requests. Whatever way a message comes in, the same rules say whether it can be
// carried out for its account, and all that stands against it is told at once, as data: a dialect
// puts it into its own words, the consumers end the message as rejected with the first code.
import type { Account } from "#libs/settings/account.ts";
import { contentFaults } from "./content-faults.ts";
import { type Fault, fault } from "./fault.ts";
import { nameFaults } from "./name-faults.ts";
import { recipientFaults } from "./recipient-faults.ts";
import { type JudgedRequest, requestedSteps } from "./requested-steps.ts";
import { smsFaults } from "./sms-faults.ts";
import { stepFaults } from "./step-faults.ts";
import { timeFaults } from "./time-faults.ts";
import { urlFaults } from "./url-faults.ts";

export type Judging = {
  /** Undefined where the request's account is not known. */
  account: Account | undefined;
  /** Epoch ms. */
  now: number;
};

/**
 * Every fault of a request, the gravest first; none where it can be carried out. A request that was
 * found good stays so at any later `now`: how long it took to get here is not held against it.
 */
export function faultsOf(request: JudgedRequest, { account, now }: Judging): Fault[] {
  if (!account) return [fault("unknown-account", "/accountId", "is not known")];
  const steps = requestedSteps(request, account);
  return [
    ...nameFaults(request, steps, account),
    ...stepFaults(request.steps),
    ...recipientFaults(request, steps),
    ...contentFaults(request),
    ...smsFaults(request, steps, account),
    ...timeFaults(request, now),
    ...urlFaults(request),
  ];
}
