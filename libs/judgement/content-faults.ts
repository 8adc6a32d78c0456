// Whether what is to be said is there, by its type.
import type { Content } from "#libs/contracts/generated/types.ts";
import { SMS_SOURCE_LENGTH_MAX } from "#libs/contracts/limits.ts";
import { isObject } from "#libs/json/json-object.ts";
import { parseJson } from "#libs/json/parse-json.ts";
import { isBlank } from "./blank-text.ts";
import { type Fault, fault } from "./fault.ts";
import type { JudgedRequest } from "./requested-steps.ts";
import { richFaults } from "./rich-faults.ts";
import { type SaidContent, saidContents } from "./said-contents.ts";

/** As 8x8 takes it; what carriers show of more than 11 letters is theirs to say. */
const SOURCE = new RegExp(`^[\\x20-\\x7e]{1,${SMS_SOURCE_LENGTH_MAX}}$`);

/** Faults of the message's content and of each that a step says instead. */
export function contentFaults(request: Pick<JudgedRequest, "content" | "steps">): Fault[] {
  return saidContents(request).flatMap((said) => [
    ...typeFaults(said),
    ...richJsonFaults(said),
    ...smsOptionFaults(said),
  ]);
}

function typeFaults({ content: { type, text }, path }: SaidContent): Fault[] {
  if (type === "UNKNOWN") {
    return [fault("unknown-word", `${path}/type`, "is a word that is not known here")];
  }
  if (type !== "TEXT" || !isBlank(text)) return [];
  return [fault("content-missing", `${path}/text`, "is missing: type TEXT needs it")];
}

function richJsonFaults({ content, path }: SaidContent): Fault[] {
  const { type, richJson } = content;
  if (richJson === null) return missingRich(content, path);
  const rich = parseJson(richJson);
  if (isObject(rich)) return richFaults(type, rich, `${path}/richJson`);
  return [fault("bad-rich-content", `${path}/richJson`, "must be a JSON object")];
}

function missingRich({ type }: Content, path: string): Fault[] {
  if (type === "TEXT" || type === "UNKNOWN") return [];
  const missing = type === "TEMPLATE" ? `${path}/richJson/template` : `${path}/richJson`;
  return [fault("content-missing", missing, `is missing: type ${type} needs it`)];
}

function smsOptionFaults({ content: { sms }, path }: SaidContent): Fault[] {
  const { encoding, source } = sms ?? { encoding: "AUTO", source: null };
  const isUnknown = encoding === "UNKNOWN";
  const words = `must have 1 to ${SMS_SOURCE_LENGTH_MAX} characters of ASCII`;
  return [
    ...(isUnknown
      ? [fault("unknown-word", `${path}/sms/encoding`, "is a word that is not known here")]
      : []),
    ...(source === null || (SOURCE.test(source) && !isBlank(source))
      ? []
      : [fault("bad-sms-source", `${path}/sms/source`, words)]),
  ];
}
