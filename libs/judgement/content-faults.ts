// Whether what is to be said is there, by its type.
import type { Content } from "#libs/contracts/generated/types.ts";
import { SMS_SOURCE_LENGTH_MAX } from "#libs/contracts/limits.ts";
import { isObject } from "#libs/json/json-object.ts";
import { oddShape } from "#libs/json/json-shape.ts";
import { malformedTexts } from "#libs/json/malformed-text.ts";
import { parseJson } from "#libs/json/parse-json.ts";
import { isBlank } from "./blank-text.ts";
import { type Fault, fault } from "./fault.ts";
import type { JudgedRequest } from "./requested-steps.ts";
import { richFaults } from "./rich-faults.ts";
import { type SaidContent, saidContents } from "./said-contents.ts";
import { unknownWords } from "./unknown-words.ts";

/** As 8x8 takes it; what carriers show of more than 11 letters is theirs to say. */
const SOURCE = new RegExp(`^[\\x20-\\x7e]{1,${SMS_SOURCE_LENGTH_MAX}}$`);
const NO_OBJECT = "must be a JSON object, of 64 levels at most";
const HALF = "has half of a surrogate pair: it is no Unicode text";

/** Faults of the message's content and of each that a step says instead. */
export function contentFaults(request: Pick<JudgedRequest, "content" | "steps">): Fault[] {
  const all = saidContents(request);
  const faults = all.flatMap((said) => [
    ...typeFaults(said),
    ...richJsonFaults(said),
    ...smsOptionFaults(said),
  ]);
  return faults.length > 0 ? faults : togetherFaults(all);
}

/** Ten steps may say ten times what one content may: they are judged, told and copied together. */
function togetherFaults(all: readonly SaidContent[]): Fault[] {
  const riches = all.flatMap(({ content: { richJson } }) => richJson ?? []);
  const odd = riches.length > 1 ? oddShape(riches.map(parseJson)) : undefined;
  return odd ? [fault("bad-rich-content", "/steps", `${odd}, with all rich content`)] : [];
}

function typeFaults({ content: { type, text }, path }: SaidContent): Fault[] {
  if (type === "UNKNOWN") return unknownWords({ type }, path);
  if (type !== "TEXT" || !isBlank(text)) return [];
  return [fault("content-missing", `${path}/text`, "is missing: type TEXT needs it")];
}

function richJsonFaults({ content, path }: SaidContent): Fault[] {
  const { type, richJson } = content;
  if (richJson === null) return missingRich(content, path);
  const rich = parseJson(richJson);
  const place = `${path}/richJson`;
  if (!isObject(rich)) return [fault("bad-rich-content", place, NO_OBJECT)];
  const odd = oddShape(rich);
  if (odd) return [fault("bad-rich-content", place, odd)];
  if (malformedTexts(rich).length > 0) return [fault("not-well-formed", place, HALF)];
  return richFaults(type, rich, place);
}

function missingRich({ type }: Content, path: string): Fault[] {
  if (type === "TEXT" || type === "UNKNOWN") return [];
  const missing = type === "TEMPLATE" ? `${path}/richJson/template` : `${path}/richJson`;
  return [fault("content-missing", missing, `is missing: type ${type} needs it`)];
}

function smsOptionFaults({ content: { sms }, path }: SaidContent): Fault[] {
  const { encoding, source } = sms ?? { encoding: "AUTO", source: null };
  const words = `must have 1 to ${SMS_SOURCE_LENGTH_MAX} characters of ASCII`;
  return [
    ...unknownWords({ encoding }, `${path}/sms`),
    ...(source === null || (SOURCE.test(source) && !isBlank(source))
      ? []
      : [fault("bad-sms-source", `${path}/sms/source`, words)]),
  ];
}
