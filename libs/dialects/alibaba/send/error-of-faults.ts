// The judge's faults of one message as the error that Alibaba's client gets.
import { type ApiError, apiError, invalid } from "#libs/dialects/alibaba/api-error.ts";
import { toldWarning, type Warning } from "#libs/dialects/told-warning.ts";
import { type Fault, type FaultCode, stepIndexOf } from "#libs/judgement/fault.ts";
import type { RequestWarning } from "#libs/judgement/warnings.ts";

type Code = FaultCode | RequestWarning["code"];

/** The parameter that a fault, or a warning, of the message itself is about. */
const PARAMETERS: Readonly<Partial<Record<Code, string>>> = {
  "no-recipient": "To",
  "bad-number": "To",
  "country-not-allowed": "To",
  "number-class-not-allowed": "To",
  "unknown-sender": "From",
  "sender-not-approved": "From",
  "no-price": "ChannelType",
  "unknown-channel": "ChannelType",
  "unknown-template": "TemplateCode",
  "bad-rich-content": "TemplateCode",
  "bad-template-parameter": "TemplateParams",
  "content-missing": "Content",
  "bad-sms-source": "FallBackId",
  "ttl-longer-than-wait": "FallBackDuration",
};

/** Undefined for a message without faults. */
export function errorOfFaults(faults: readonly Fault[]): ApiError | undefined {
  const [first] = faults;
  if (!first) return undefined;
  const { code, stepIndex, words } = first;
  if (code === "sms-fallback-off") return apiError("Product.Unsubscript");
  if (code.endsWith("-cap-reached")) return apiError("Throttling.User", `${words}.`);
  if (code === "no-address") return invalid("To", "is mandatory where an SMS may follow");
  return invalid(parameterOf(code, stepIndex), words);
}

/** A warning of the judge's under Alibaba's names. */
export function toWarning(warning: RequestWarning): Warning {
  const { code, path } = warning;
  return toldWarning(warning, { path: parameterOf(code, stepIndexOf(path)) });
}

function parameterOf(code: Code, stepIndex: number | null): string {
  return stepIndex === 1 ? ofFallback(code) : (PARAMETERS[code] ?? "Content");
}

const OF_FALLBACK_ID: ReadonlySet<Code> = new Set([
  "unknown-sender",
  "sender-not-approved",
  "bad-sms-source",
]);

/** What is wrong with the SMS that follows. */
function ofFallback(code: Code): string {
  return OF_FALLBACK_ID.has(code) ? "FallBackId" : "FallBackContent";
}
