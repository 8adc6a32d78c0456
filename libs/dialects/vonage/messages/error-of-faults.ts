// The judge's faults of a message as Vonage's error: the first one's code, all of them as parameters.
import { channelWords } from "#libs/dialects/channel-words.ts";
import { type InvalidParameter, VonageError } from "#libs/dialects/vonage/api-error.ts";
import { channelNameOf } from "#libs/dialects/vonage/channel-names.ts";
import { memberOfFault } from "#libs/dialects/vonage/member-of-fault.ts";
import { type Fault, stepIndexOf } from "#libs/judgement/fault.ts";
import type { RequestWarning } from "#libs/judgement/warnings.ts";
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

function toParameter(fault: Fault, messages: readonly Placed[]): InvalidParameter {
  return { name: memberPathOf(fault, messages), reason: channelWords(fault, channelNameOf) };
}

/** The member of the body that a fault or a warning of the judge's is about. */
export function memberPathOf(
  { code, path }: Pick<Fault | RequestWarning, "code" | "path">,
  messages: readonly Placed[],
): string {
  const index = stepIndexOf(path) ?? 0;
  const said = messages[index]?.message.message_type ?? "text";
  const { member = said } = memberOfFault(code);
  return pathOf(placeAt(index), member);
}
