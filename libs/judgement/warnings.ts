// What a sender should know of a request that is taken all the same.
import { stepRecipient } from "#libs/contracts/own-of-step.ts";
import type { Account } from "#libs/settings/account.ts";
import { contentSms } from "#libs/sms-text/content-sms.ts";
import { gsmFriendly, outsideGsm } from "#libs/sms-text/gsm-friendly.ts";
import { measureSms } from "#libs/sms-text/measure-sms.ts";
import { isSmsSource } from "#libs/sms-text/sms-source.ts";
import { impossibleNumbers } from "./impossible-numbers.ts";
import { canReach } from "./recipient-faults.ts";
import { type JudgedRequest, type RequestedStep, requestedSteps } from "./requested-steps.ts";
import { type SaidContent, saidByStep } from "./said-contents.ts";

export type RequestWarning = {
  code:
    | "ttl-longer-than-wait"
    | "ttl-not-matched"
    | "daily-cap-near"
    | "same-number"
    | "number-impossible"
    | "schedule-passed"
    | "step-out-of-reach"
    | "sms-in-unicode"
    | "sms-made-gsm"
    | "sms-source-cut";
  /** As a fault's. */
  path: string;
  words: string;
};

/** Warnings of a request that has no faults. */
export function warningsOf(request: JudgedRequest, account: Account): RequestWarning[] {
  const steps = requestedSteps(request, account);
  return [
    ...impossibleNumbers(request).map((told) => ({ code: "number-impossible" as const, ...told })),
    ...scheduleWarnings(request),
    ...reachWarnings(request, steps),
    ...saidBySms(request, steps).flatMap((said) => [
      ...textWarnings(said),
      ...sourceWarnings(said),
    ]),
  ];
}

function scheduleWarnings({ scheduledAt, requestedAt }: JudgedRequest): RequestWarning[] {
  if (scheduledAt === null || scheduledAt >= requestedAt) return [];
  const words = "has passed: the message starts at once";
  return [{ code: "schedule-passed", path: "/scheduledAt", words }];
}

function reachWarnings(request: JudgedRequest, steps: readonly RequestedStep[]): RequestWarning[] {
  return [...steps.entries()].flatMap(([index, step]): RequestWarning[] => {
    if (canReach(stepRecipient(request, index), step)) return [];
    const words = `has no address on ${step.channel}: the flow's step will fail at once`;
    return [{ code: "step-out-of-reach", path: `/steps/${index}`, words }];
  });
}

/** Each content once that a step sends by SMS. */
function saidBySms(request: JudgedRequest, steps: readonly RequestedStep[]): SaidContent[] {
  const said = steps.flatMap(({ channel }, index) =>
    channel === "sms" ? [saidByStep(request, index)] : [],
  );
  return [...new Map(said.map((each) => [each.path, each])).values()];
}

/** Of a text that one kind of character alone, or its typography, keeps from GSM. */
function textWarnings({ content, path }: SaidContent): RequestWarning[] {
  const { text, encoding, member } = contentSms(content);
  if (text === null || encoding !== "AUTO") return [];
  const outside = outsideGsm(text);
  const isTypography = gsmFriendly(text) !== text;
  if (outside.length === 0 || (outside.length > 1 && !isTypography)) return [];
  const now = measureSms(text, "UNICODE");
  const then = measureSms(withoutAll(text, outside), "GSM");
  if ("unencodable" in now || "unencodable" in then) return [];
  const named = outside.map((each) => JSON.stringify(each)).join(", ");
  const cost = `is ${now.segmentCount} SMS in Unicode, and would be ${then.segmentCount} in GSM`;
  return [{ code: "sms-in-unicode", path: `${path}/${member}`, words: `${cost} but for ${named}` }];
}

function withoutAll(text: string, outside: readonly string[]): string {
  return outside.reduce((rest, character) => rest.replaceAll(character, "?"), gsmFriendly(text));
}

function sourceWarnings({ content, path }: SaidContent): RequestWarning[] {
  const source = content.sms?.source ?? null;
  if (source === null || isSmsSource(source)) return [];
  const words = "is more than phones can show: at most 11 letters and digits, or 15 digits";
  return [{ code: "sms-source-cut", path: `${path}/sms/source`, words }];
}
