// Whether a message says what its type and its channel say, and nothing that they would leave out.
import { VonageError } from "#libs/dialects/vonage/api-error.ts";
import { customTypes, type MessageBody } from "./body.ts";
import { leftOut, type MessageType, messageTypeOf, messageTypes } from "./message-types.ts";

const OF_ANOTHER = "is of another channel or message_type: it would be left out";

/** Characters of a text, by Vonage's document. */
const TEXT_LENGTH_MAX: ReadonlyMap<string, number> = new Map([
  ["sms", 1_000],
  ["viber_service", 1_000],
  ["whatsapp", 4_096],
  ["rcs", 3_072],
]);

/** `path` leads to a member. Throws VonageError. */
export function checkContent(message: MessageBody, path: (member: string) => string): void {
  const type = messageTypeOf(message);
  if (!type) throw new VonageError("message-type");
  refuse(foreignMembers(message, type), OF_ANOTHER, path);
  refuse(missingMembers(message, type), "is required", path);
  const { channel, text = "" } = message;
  const lengthMax = TEXT_LENGTH_MAX.get(channel) ?? 0;
  if (text.length > lengthMax) refuse(["text"], `has more than ${lengthMax} characters`, path);
}

function foreignMembers(message: MessageBody, type: MessageType): string[] {
  const channels = ["sms", "viber_service", "whatsapp"] as const;
  const others = channels.filter((one) => one !== message.channel);
  const saying = messageTypes.filter((one) => one !== type);
  const foreign = [...others, ...saying].filter((member) => message[member] !== undefined);
  return [...foreign, ...leftOut(message, type), ...customMembers(message, false)];
}

function missingMembers(message: MessageBody, type: MessageType): string[] {
  const needed = type === "template" ? (["template", "whatsapp"] as const) : [type];
  const missing = needed.filter((member) => message[member] === undefined);
  return [...missing, ...customMembers(message, true)];
}

/** What a custom object lacks of its type, or has of another. */
function customMembers({ custom }: MessageBody, isOwn: boolean): string[] {
  if (!custom) return [];
  return customTypes
    .filter((type) => (type === custom.type) === isOwn && (custom[type] === undefined) === isOwn)
    .map((type) => `custom.${type}`);
}

function refuse(
  members: readonly string[],
  reason: string,
  path: (member: string) => string,
): void {
  if (members.length === 0) return;
  const invalidParameters = members.map((member) => ({ name: path(member), reason }));
  throw new VonageError("params", { invalidParameters });
}
