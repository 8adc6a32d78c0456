// The body of a send, or what is wrong with its form, in Vonage's codes.
import { dottedPath } from "#libs/dialects/dotted-path.ts";
import {
  type InvalidParameter,
  type MemberKind,
  VonageError,
} from "#libs/dialects/vonage/api-error.ts";
import { channelOf } from "#libs/dialects/vonage/channel-names.ts";
import { isObject } from "#libs/json/json-object.ts";
import { givenParser, refusing, type ShapeError, type ShapeFault } from "#libs/json/parse-given.ts";
import { type MessageBody, SendBody } from "./body.ts";

/** A message of the body with its place there: "" or `failover[0]`. */
export type Placed = { message: MessageBody; place: string };
/** The first, and those that follow it. */
export type Messages = readonly [Placed, ...Placed[]];

const parseShape = refusing(givenParser(SendBody), ofShape);

/** Members whose faults have a number of their own. */
const KIND_OF_MEMBER: ReadonlyMap<string, MemberKind> = new Map([
  ["channel", "channel"],
  ["message_type", "message-type"],
  ["to", "recipient"],
  ["from", "sender"],
  ["ttl", "ttl"],
  ["client_ref", "client-ref"],
  ["template", "template"],
  ["whatsapp", "channel-params"],
  ["sms", "channel-params"],
  ["viber_service", "channel-params"],
]);

const OF_ANOTHER = "is of another channel or message_type: it would be left out";

/** Characters of a text, by Vonage's document. */
const TEXT_LENGTH_MAX: ReadonlyMap<string, number> = new Map([
  ["sms", 1_000],
  ["viber_service", 1_000],
  ["whatsapp", 4_096],
  ["rcs", 3_072],
]);

/** The messages of a failover in their order. Throws VonageError, of the first code that applies. */
export function readBody(given: unknown): { body: SendBody; messages: Messages } {
  if (!isObject(given)) throw new VonageError("invalid-json");
  // Before their members: those of a channel that is not served are not known here.
  for (const each of [given, ...listOf(given["failover"])]) checkChannel(each);
  const body = parseShape(given);
  const { failover = [], ...first } = body;
  const others = failover.map((message, index) => ({ message, place: `failover[${index}]` }));
  const messages: Messages = [{ message: first, place: "" }, ...others];
  for (const placed of messages) checkContent(placed);
  return { body, messages };
}

/** The member's path in the body. */
export function pathOf(place: string, member: string): string {
  return place === "" ? member : `${place}.${member}`;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function checkChannel(given: unknown): void {
  const channel = isObject(given) ? given["channel"] : undefined;
  if (typeof channel === "string" && !channelOf(channel)) throw new VonageError("channel");
}

function ofShape({ faults }: ShapeError): VonageError {
  const invalidParameters = faults.map((fault) => {
    const name = [dottedPath(fault.path), namedIn(fault)].filter((part) => part !== "").join(".");
    return { name, reason: fault.keyword === "required" ? "is required" : fault.words };
  });
  const own = invalidParameters[0]?.name.replace(/^failover\[\d+\]\./, "").split(".", 1)[0] ?? "";
  return new VonageError(KIND_OF_MEMBER.get(own) ?? "params", { invalidParameters });
}

/** A member that is missing, or that is not known, is named at the end of the words. */
function namedIn({ keyword, words }: ShapeFault): string {
  const isNamed = keyword === "required" || keyword === "additionalProperties";
  return isNamed ? (/properties:? (.+)$/.exec(words)?.[1] ?? "") : "";
}

function checkContent({ message, place }: Placed): void {
  const { channel, message_type: type, text, template, whatsapp } = message;
  const isTemplate = type === "template" && channel === "whatsapp";
  if (type !== "text" && !isTemplate) throw new VonageError("message-type");
  const others = (["sms", "viber_service", "whatsapp"] as const).filter((one) => one !== channel);
  const foreign = [...others, isTemplate ? ("text" as const) : ("template" as const)];
  refuse(
    foreign
      .filter((member) => message[member] !== undefined)
      .map((member) => ({ name: pathOf(place, member), reason: OF_ANOTHER })),
  );
  const missing = isTemplate
    ? [...(template ? [] : ["template"]), ...(whatsapp ? [] : ["whatsapp"])]
    : text === undefined
      ? ["text"]
      : [];
  refuse(missing.map((member) => ({ name: pathOf(place, member), reason: "is required" })));
  const lengthMax = TEXT_LENGTH_MAX.get(channel) ?? 0;
  if (isTemplate || (text ?? "").length <= lengthMax) return;
  refuse([{ name: pathOf(place, "text"), reason: `has more than ${lengthMax} characters` }]);
}

function refuse(invalidParameters: readonly InvalidParameter[]): void {
  if (invalidParameters.length > 0) throw new VonageError("params", { invalidParameters });
}
