// The id that Infobip knows a message by is ours: a call that is repeated has the same one, and every
// report names it. Infobip's reports do not say which channel they are of, so the id does. Two connections
// may be of one account at Infobip: what one of them was refused must not look repeated by the other.
import { createHash } from "node:crypto";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";

/** Infobip's limit, characters; it cuts what is longer. */
const MESSAGE_ID_LENGTH_MAX = 200;

/**
 * Our id of a call at Infobip: the same for each repeat by a connection, at most 200 characters, with its
 * channel in front. `provider`: what the connection's reports name.
 */
export function messageIdOf(
  { channel, commandId }: Pick<DispatchCommand, "channel" | "commandId">,
  provider: string,
): string {
  const own = `${commandId}.${createHash("sha256").update(provider).digest("hex").slice(0, 12)}`;
  const id = `${channel}.${own}`;
  // Of UTF-8 nobody says how Infobip counts or cuts it.
  if (id.length <= MESSAGE_ID_LENGTH_MAX && /^[\x21-\x7e]+$/.test(id)) return id;
  return `${channel}.${createHash("sha256").update(own).digest("hex")}`;
}

/** Of an id that none of our calls had, some channel: it is nobody's report. */
export function channelOf(messageId: string): string {
  const [, channel] = /^(sms|viber|rcs|whatsapp)\./.exec(messageId) ?? [];
  return channel ?? "sms";
}
