// The body of a send, or what is wrong with its form, in Vonage's codes.
import { dottedPath } from "#libs/dialects/dotted-path.ts";
import { type MemberKind, VonageError } from "#libs/dialects/vonage/api-error.ts";
import { channelOf } from "#libs/dialects/vonage/channel-names.ts";
import { isObject } from "#libs/json/json-object.ts";
import { givenParser, refusing, type ShapeError } from "#libs/json/parse-given.ts";
import { type MessageBody, SendBody } from "./body.ts";
import { checkContent } from "./check-content.ts";

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

/** The messages of a failover in their order. Throws VonageError, of the first code that applies. */
export function readBody(given: unknown): { body: SendBody; messages: Messages } {
  if (!isObject(given)) throw new VonageError("invalid-json");
  // Before their members: those of a channel that is not served are not known here.
  for (const each of [given, ...listOf(given["failover"])]) checkChannel(each);
  const body = parseShape(given);
  const { failover = [], ...first } = body;
  const others = failover.map((message, index) => ({ message, place: placeAt(index + 1) }));
  const messages: Messages = [{ message: first, place: placeAt(0) }, ...others];
  for (const { message, place } of messages) {
    checkContent(message, (member) => pathOf(place, member));
  }
  return { body, messages };
}

/** Where the message of a step stands in the body. */
export function placeAt(stepIndex: number): string {
  return stepIndex === 0 ? "" : `failover[${stepIndex - 1}]`;
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
    const { path, words, keyword, members = [] } = fault;
    const name = [dottedPath(path), members.join(", ")].filter((part) => part !== "").join(".");
    return { name, reason: keyword === "required" ? "is required" : words };
  });
  const own = invalidParameters[0]?.name.replace(/^failover\[\d+\]\./, "").split(".", 1)[0] ?? "";
  return new VonageError(KIND_OF_MEMBER.get(own) ?? "params", { invalidParameters });
}
