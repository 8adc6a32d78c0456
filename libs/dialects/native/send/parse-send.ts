// A body of the native API becomes a request, or a Problem that tells all that is wrong with it.
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { givenParser, refusing } from "#libs/json/parse-given.ts";
import { type Judgement, judge } from "#libs/judgement/judge.ts";
import { shapeFaults } from "#libs/judgement/shape-faults.ts";
import type { RequestWarning } from "#libs/judgement/warnings.ts";
import { SendBody } from "./body.ts";
import { bodyFaults } from "./body-faults.ts";
import { problemOfFaults } from "./refuse.ts";
import { type SendContext, toRequest } from "./to-request.ts";

/** What a sender should know of a message that is taken all the same. */
export type Warning = { code: RequestWarning["code"]; path: string; detail: string };
export type ParsedSend = { request: SendRequest; warnings: Warning[] };

const parseBody = refusing(givenParser(SendBody), (error) => problemOfFaults(shapeFaults(error)));

/** The request and what is to be known about it. Throws Problem for what may not be sent. */
export function parseSend(given: unknown, context: SendContext): ParsedSend {
  const body = parseBody(given);
  const { request, faults, warnings } = judged(body, context);
  const all = [...bodyFaults(body), ...faults];
  if (all.length > 0) throw problemOfFaults(all);
  return { request, warnings: warnings.map(toWarning) };
}

export function toWarning({ code, path, words }: RequestWarning): Warning {
  return { code, path, detail: `${path} ${words}.` };
}

/** The request of a body that was found good before: what would be held against it now does not count. */
export function repeatSend(given: unknown, context: SendContext): SendRequest {
  return judged(parseBody(given), context).request;
}

function judged(body: SendBody, context: SendContext): Judgement<SendRequest> {
  const { account, now } = context;
  const { smsText, ttlPolicy } = body;
  return judge(toRequest(body, context), { account, now, smsText, ttlPolicy });
}
