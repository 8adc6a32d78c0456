// The one judge of requests. Whatever way a message comes in, the same rules say whether it can be
// carried out for its account, and all that stands against it is told at once, as data: a dialect
// puts it into its own words, the consumers end the message as rejected with the first code.
import type { Account } from "#libs/settings/account.ts";
import { boundFaults } from "./bound-faults.ts";
import { checkTtl, type TtlRule } from "./check-ttl.ts";
import { contentFaults } from "./content-faults.ts";
import { type Fault, fault } from "./fault.ts";
import { withFriendlySms } from "./friendly-sms.ts";
import { limitFaults } from "./limit-faults.ts";
import { tellLimits } from "./limit-refusals.ts";
import { nameFaults } from "./name-faults.ts";
import { recipientFaults } from "./recipient-faults.ts";
import { type JudgedRequest, type RequestedStep, requestedSteps } from "./requested-steps.ts";
import { smsFaults } from "./sms-faults.ts";
import { stepFaults } from "./step-faults.ts";
import { timeFaults } from "./time-faults.ts";
import { unknownWords } from "./unknown-words.ts";
import { urlFaults } from "./url-faults.ts";
import { type RequestWarning, warningsOf } from "./warnings.ts";

export type Judging = {
  /** Undefined where the request's account is not known. */
  account: Account | undefined;
  /** Epoch ms. */
  now: number;
};

export type Judgement<Request> = {
  /** With the texts and the waits that its account, or the message itself, asks for. */
  request: Request;
  /** Those that it takes. */
  steps: readonly RequestedStep[];
  faults: Fault[];
  /** Of a request without faults: what its sender should know. */
  warnings: RequestWarning[];
};

type Asked = TtlRule & { smsText?: Account["smsText"] };

/**
 * All that a dialect has to know of a request before it takes it, in one go: the request as it is to
 * go out, what stands against it, the gravest first, and what is to be known of it.
 */
export function judge<Request extends JudgedRequest>(
  given: Request,
  { account, now, smsText = account.smsText, ...ttl }: Asked & { account: Account; now: number },
): Judgement<Request> {
  const friendly = withFriendlySms(given, account, smsText);
  const timed = checkTtl(friendly.request, account, ttl);
  const { request } = timed;
  const steps = requestedSteps(request, account);
  const ruled = [...faultsOf(friendly.request, { account, now }), ...timed.faults];
  const faults = boundsFirst(boundFaults(request), ruled);
  tellLimits(account.accountId, faults);
  if (faults.length > 0) return { request, steps, faults, warnings: [] };
  const others = warningsOf(friendly.request, account);
  return { request, steps, faults, warnings: [...timed.warnings, ...friendly.warnings, ...others] };
}

/** As on Kafka, where the bounds are looked at first. What a rule says too is said in its words. */
function boundsFirst(beyond: readonly Fault[], ruled: readonly Fault[]): Fault[] {
  const isRuled = (one: Fault) =>
    ruled.some(({ code, path }) => code === one.code && path === one.path);
  return [...beyond.filter((one) => !isRuled(one)), ...ruled];
}

type Case = {
  request: JudgedRequest;
  steps: readonly RequestedStep[];
  account: Account;
  /** Epoch ms. */
  now: number;
};

/** Every rule once, what is gravest first: outcomes have the code of the first fault. */
const RULES: readonly ((judged: Case) => Fault[])[] = [
  ({ request, steps, account }) => nameFaults(request, steps, account),
  ({ request: { purpose, lateReports } }) => unknownWords({ purpose, lateReports }, ""),
  ({ request }) => stepFaults(request.steps),
  ({ request, steps }) => recipientFaults(request, steps),
  ({ request, steps, account }) => limitFaults(request, steps, account),
  ({ request }) => contentFaults(request),
  ({ request, steps, account }) => smsFaults(request, steps, account),
  ({ request, now }) => timeFaults(request, now),
  ({ request }) => urlFaults(request),
];

/**
 * Every fault of a request, the gravest first; none where it can be carried out. A request that was
 * found good stays so at any later `now`: how long it took to get here is not held against it.
 */
export function faultsOf(request: JudgedRequest, { account, now }: Judging): Fault[] {
  if (!account) return [fault("unknown-account", "/accountId", "is not known")];
  const judged = { request, steps: requestedSteps(request, account), account, now };
  return RULES.flatMap((rule) => rule(judged));
}
