// `gsm-friendly`: an account, or a message, may ask that typography make none of its SMS Unicode. It
// is done where a request comes in, before it is judged, so that all who measure, show, rehearse or
// send it see one text. What other channels say stays as it was given.
import type { Content, SendRequest } from "#libs/contracts/generated/types.ts";
import type { Account } from "#libs/settings/account.ts";
import { contentSms } from "#libs/sms-text/content-sms.ts";
import { gsmFriendly, outsideGsm } from "#libs/sms-text/gsm-friendly.ts";
import { measureSms } from "#libs/sms-text/measure-sms.ts";
import { requestedSteps } from "./requested-steps.ts";
import type { RequestWarning } from "./warnings.ts";

type Said = Pick<SendRequest, "content" | "steps" | "flowId">;
type Friendly = { content: Content; warnings: RequestWarning[] };

/**
 * The request with its SMS's texts made GSM where that is asked for and can be done, and a warning of
 * each that was changed. A second time changes nothing. An SMS that is to be UNICODE is left alone.
 */
export function withFriendlySms<Request extends Said>(
  request: Request,
  account: Account | undefined,
  asked = account?.smsText,
): { request: Request; warnings: RequestWarning[] } {
  if (asked !== "gsm-friendly") return { request, warnings: [] };
  const whole = saysByItself(request, account)
    ? friendlyContent(request.content, "/content")
    : unchanged(request.content);
  const own = request.steps.map(({ channel, content }, index) =>
    content && channel === "sms" ? friendlyContent(content, `/steps/${index}/content`) : null,
  );
  const steps = request.steps.map((step, index) => ({
    ...step,
    content: own[index]?.content ?? step.content,
  }));
  const warnings = [whole, ...own].flatMap((each) => each?.warnings ?? []);
  if (warnings.length === 0) return { request, warnings };
  return { request: { ...request, content: whole.content, steps }, warnings };
}

/** Whether an SMS is made of the message's own content; a fallback's text is meant for nothing else. */
function saysByItself(request: Said, account: Account | undefined): boolean {
  const steps = requestedSteps(request, account);
  const isSent = steps.some(
    ({ channel }, index) => channel === "sms" && !request.steps[index]?.content,
  );
  return isSent || request.content.fallbackText !== null;
}

function friendlyContent(content: Content, path: string): Friendly {
  const { member, text, encoding } = contentSms(content);
  if (text === null || encoding === "UNICODE") return unchanged(content);
  const friendly = gsmFriendly(text);
  if (friendly === text) return unchanged(content);
  const words = `is made GSM for its SMS, without ${named(text)}: ${cost(text, friendly)}`;
  return {
    content: { ...content, fallbackText: friendly },
    warnings: [{ code: "sms-made-gsm", path: `${path}/${member}`, words }],
  };
}

function unchanged(content: Content): Friendly {
  return { content, warnings: [] };
}

function named(text: string): string {
  return outsideGsm(text)
    .map((each) => JSON.stringify(each))
    .join(", ");
}

function cost(text: string, friendly: string): string {
  const [before, after] = [measureSms(text, "UNICODE"), measureSms(friendly, "GSM")];
  const counts = [after, before].map((size) => ("unencodable" in size ? 0 : size.segmentCount));
  return counts.join(" SMS instead of ");
}
