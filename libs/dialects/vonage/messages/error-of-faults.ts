// The judge's faults of a message as Vonage's error: the first one's code, all of them as parameters.
import { type InvalidParameter, VonageError } from "#libs/dialects/vonage/api-error.ts";
import { memberOfFault } from "#libs/dialects/vonage/member-of-fault.ts";
import type { Fault } from "#libs/judgement/fault.ts";
import { type Placed, pathOf, placeAt } from "./read-body.ts";

/** Undefined for a message without faults. `messages`: none where no fault is of what they say. */
export function errorOfFaults(
  faults: readonly Fault[],
  messages: readonly Placed[],
): VonageError | undefined {
  const [first] = faults;
  if (!first) return undefined;
  const { kind } = memberOfFault(first.code);
  // No parameter has a value that would be allowed.
  if (kind === "facility") return new VonageError(kind, { detail: `The message ${first.words}.` });
  return new VonageError(kind, {
    invalidParameters: faults.map((fault) => toParameter(fault, messages)),
  });
}

function toParameter({ code, stepIndex, words }: Fault, messages: readonly Placed[]) {
  const index = stepIndex ?? 0;
  const said = messages[index]?.message.message_type ?? "text";
  const { member = said } = memberOfFault(code);
  return { name: pathOf(placeAt(index), member), reason: words } satisfies InvalidParameter;
}
