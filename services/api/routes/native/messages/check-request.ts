// The rules that a request must meet in the light of its account: the consumers' own, so that what is
// accepted here is not rejected there, and what an SMS can say.
import type { Content, SendRequest, Step } from "#libs/contracts/generated/types.ts";
import { refusalOf } from "#libs/message-flow/requested.ts";
import { findSmsFault } from "#libs/message-flow/sms-fault.ts";
import type { Account } from "#libs/settings/account.ts";
import { contentSms } from "#libs/sms-text/content-sms.ts";
import { Problem, type ProblemCode } from "../problem.ts";

/** By the code that the consumers would reject the message with. */
const ADVICE: Readonly<Record<string, { code: ProblemCode; detail: string }>> = {
  "no-flow": {
    code: "no-flow",
    detail: "Give /steps or /flowId: the account has no default flow.",
  },
  "unknown-flow": {
    code: "unknown-flow",
    detail: "/flowId names no published flow of the account.",
  },
  "unknown-channel": {
    code: "unknown-channel",
    detail: "A step's channel is not set up, or not enabled, for the account.",
  },
  "unknown-sender": {
    code: "unknown-sender",
    detail: "A step's sender, or an SMS's source, is not one of the account's.",
  },
  "sms-fallback-off": {
    code: "sms-fallback-off",
    detail: "An SMS follows a channel for which the account has switched SMS fallback off.",
  },
  "no-recipient": {
    code: "no-recipient",
    detail: "/recipient needs msisdn, or an id in channelUserIds.",
  },
};

/** Throws Problem where the message could not be carried out. `steps` are those that it would take. */
export function checkRequest(request: SendRequest, steps: readonly Step[], account: Account): void {
  for (const [index, step] of steps.entries()) {
    if (step.channel !== "sms") continue;
    const path = step.content ? `/steps/${index}/content` : "/content";
    checkSms(step.content ?? request.content, path, account);
  }
  const refusal = refusalOf(request, steps, account);
  if (refusal !== null) throw toProblem(refusal);
}

function toProblem(refusal: string): Problem {
  const known = ADVICE[refusal];
  if (known) return new Problem(known.code, known.detail);
  return new Problem("invalid", `The message would be rejected: ${refusal}.`);
}

function checkSms(content: Content, path: string, account: Account): void {
  const fault = findSmsFault(content, account);
  if (!fault) return;
  const name = `${path}/${contentSms(content).member}`;
  switch (fault.code) {
    case "no-sms-text":
      throw new Problem(
        "sms-without-text",
        `The SMS has nothing to say: give ${path}/fallbackText.`,
      );
    case "sms-text-not-gsm": {
      const character = JSON.stringify(fault.character);
      throw new Problem(
        "invalid",
        `${name} has ${character}, which GSM lacks: use AUTO or UNICODE.`,
      );
    }
    case "sms-text-too-long": {
      const allowed = `the account allows ${account.smsSegmentsMax}`;
      const { segmentCount } = fault.size;
      throw new Problem("sms-too-long", `${name} is ${segmentCount} SMS, ${allowed}: shorten it.`);
    }
  }
}
