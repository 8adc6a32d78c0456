// `sentFailed`: a template or a variable that WhatsApp would refuse is a send that failed, not a
// request that is refused; of everything else Alibaba checks as strictly as elsewhere.
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { dottedPath } from "#libs/dialects/dotted-path.ts";
import type { Warning } from "#libs/dialects/told-warning.ts";
import type { Fault } from "#libs/judgement/fault.ts";
import type { Fallback } from "./fallback.ts";

/** Whether it is the message's template that the fault is about. */
export function isOfTemplate({ path }: Fault): boolean {
  return path.startsWith("/content/richJson");
}

/** The SMS alone, which goes at once: the message would only be called for to be refused. */
export function failedSend(
  request: SendRequest,
  { path, words }: Fault,
  { sms }: Fallback,
): { request: SendRequest; warning: Warning } {
  const content = sms.content ?? request.content;
  const why = `${dottedPath(path)} ${words}`;
  const detail = `The SMS is sent in place of the template, which cannot be sent: ${why}.`;
  return {
    request: { ...request, content, steps: [sms] },
    warning: { code: "sms-in-place-of-template", path: "TemplateCode", detail },
  };
}
