// The judge's faults of a message as Vonage's error: the first one's code, all of them as parameters.
import {
  type ErrorKind,
  type InvalidParameter,
  VonageError,
} from "#libs/dialects/vonage/api-error.ts";
import type { Fault, FaultCode } from "#libs/judgement/fault.ts";
import { type Placed, pathOf } from "./read-body.ts";

/** Any other fault is of a parameter as such. */
const KINDS: Readonly<Partial<Record<FaultCode, readonly [kind: ErrorKind, member: string]>>> = {
  "no-recipient": ["recipient", "to"],
  "no-address": ["recipient", "to"],
  "bad-number": ["recipient", "to"],
  "unknown-sender": ["sender", "from"],
  "bad-sms-source": ["sender", "from"],
  "unknown-channel": ["channel", "channel"],
  "sms-fallback-off": ["channel", "channel"],
  "unknown-template": ["template", "template"],
  "bad-template-parameter": ["template", "template"],
  "bad-rich-content": ["template", "template"],
  "impossible-wait": ["ttl", "ttl"],
  "bad-callback-url": ["params", "webhook_url"],
  "out-of-range": ["ttl", "ttl"],
};

/** Undefined for a message without faults. */
export function errorOfFaults(
  faults: readonly Fault[],
  messages: readonly Placed[],
): VonageError | undefined {
  const [first] = faults;
  if (!first) return undefined;
  const [kind] = KINDS[first.code] ?? ["params"];
  return new VonageError(kind, {
    invalidParameters: faults.map((fault) => toParameter(fault, messages)),
  });
}

function toParameter({ code, stepIndex, words }: Fault, messages: readonly Placed[]) {
  const { place, message } = messages[stepIndex ?? 0] ?? {};
  const said = message?.template ? "template" : "text";
  const [, member] = KINDS[code] ?? ["params", said];
  return { name: pathOf(place ?? "", member), reason: words } satisfies InvalidParameter;
}
