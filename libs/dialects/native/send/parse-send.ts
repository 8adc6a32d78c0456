// A body of the native API becomes a request, or a Problem that tells all that is wrong with it.
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { givenParser, refusing } from "#libs/json/parse-given.ts";
import { withFriendlySms } from "#libs/judgement/friendly-sms.ts";
import { faultsOf } from "#libs/judgement/judge.ts";
import { shapeFaults } from "#libs/judgement/shape-faults.ts";
import { type RequestWarning, warningsOf } from "#libs/judgement/warnings.ts";
import { SendBody } from "./body.ts";
import { bodyFaults } from "./body-faults.ts";
import { checkTtl } from "./check-ttl.ts";
import { problemOfFaults } from "./refuse.ts";
import { type SendContext, toRequest } from "./to-request.ts";

/** What a sender should know of a message that is taken all the same. */
export type Warning = { code: RequestWarning["code"]; path: string; detail: string };
export type ParsedSend = { request: SendRequest; warnings: Warning[] };

const parseBody = refusing(givenParser(SendBody), (error) => problemOfFaults(shapeFaults(error)));

/** The request and what is to be known about it. Throws Problem for what may not be sent. */
export function parseSend(given: unknown, context: SendContext): ParsedSend {
  const body = parseBody(given);
  const { account, now } = context;
  const { request, warnings: friendly } = friendlyRequest(body, context);
  const checked = checkTtl(request, { policy: body.ttlPolicy, account });
  const faults = [...bodyFaults(body), ...faultsOf(request, { account, now }), ...checked.faults];
  if (faults.length > 0) throw problemOfFaults(faults);
  const warnings = [...checked.warnings, ...friendly, ...warningsOf(request, account)];
  return { request: checked.request, warnings: warnings.map(toWarning) };
}

function toWarning({ code, path, words }: RequestWarning): Warning {
  return { code, path, detail: `${path} ${words}.` };
}

/** The request of a body that was found good before: nothing is judged again. */
export function repeatSend(given: unknown, context: SendContext): SendRequest {
  const body = parseBody(given);
  const { account } = context;
  const { request } = friendlyRequest(body, context);
  return checkTtl(request, { policy: body.ttlPolicy, account }).request;
}

function friendlyRequest(body: SendBody, context: SendContext) {
  return withFriendlySms(toRequest(body, context), context.account, body.smsText);
}
