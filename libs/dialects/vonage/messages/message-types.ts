// What each channel can say, by Vonage's names: the member of a message that says it is called as its
// `message_type`.
import type { MessageBody } from "./body.ts";

export type MessageType = "text" | "template" | "image" | "audio" | "video" | "file" | "custom";

/** Members of the type that the channel has beside what every one has. */
type Options = readonly ("caption" | "name")[];
type Types = Readonly<Partial<Record<MessageType, Options>>>;

const TYPES: ReadonlyMap<string, Types> = new Map<string, Types>([
  ["sms", { text: [] }],
  ["viber_service", { text: [], image: ["caption"], file: ["name"] }],
  [
    "whatsapp",
    {
      text: [],
      template: [],
      image: ["caption"],
      audio: [],
      video: ["caption"],
      file: ["caption", "name"],
      custom: [],
    },
  ],
  ["rcs", { text: [], image: [], video: [], file: [] }],
]);

/** Of whatever type a message is. */
export const messageTypes: readonly MessageType[] = [
  "text",
  "template",
  "image",
  "audio",
  "video",
  "file",
  "custom",
];

/** Which of them a message is; undefined for one that its channel does not have here. */
export function messageTypeOf({ channel, message_type }: MessageBody): MessageType | undefined {
  const types = TYPES.get(channel) ?? {};
  return messageTypes.find((type) => type === message_type && types[type] !== undefined);
}

/** Members of what a message says that its channel would leave out. */
export function leftOut(message: MessageBody, type: MessageType): string[] {
  if (type !== "image" && type !== "audio" && type !== "video" && type !== "file") return [];
  const options = TYPES.get(message.channel)?.[type] ?? [];
  const said = message[type] ?? {};
  return (["caption", "name"] as const)
    .filter((option) => option in said && !options.includes(option))
    .map((option) => `${type}.${option}`);
}
