// The judge's faults of a message as Vonage's error: the first one's code, all of them as parameters.
import { type InvalidParameter, VonageError } from "#libs/dialects/vonage/api-error.ts";
import { memberOfFault } from "#libs/dialects/vonage/member-of-fault.ts";
import type { Fault } from "#libs/judgement/fault.ts";
import { type Placed, pathOf } from "./read-body.ts";

/** Undefined for a message without faults. */
export function errorOfFaults(
  faults: readonly Fault[],
  messages: readonly Placed[],
): VonageError | undefined {
  const [first] = faults;
  if (!first) return undefined;
  const { kind } = memberOfFault(first.code);
  return new VonageError(kind, {
    invalidParameters: faults.map((fault) => toParameter(fault, messages)),
  });
}

function toParameter({ code, stepIndex, words }: Fault, messages: readonly Placed[]) {
  const { place, message } = messages[stepIndex ?? 0] ?? {};
  const said = message?.message_type ?? "text";
  const { member = said } = memberOfFault(code);
  return { name: pathOf(place ?? "", member), reason: words } satisfies InvalidParameter;
}
