// A command as the Cloud API takes it: `POST /{version}/{phone number id}/messages`.
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { messageObject } from "./message-object.ts";

/** Meta's limit of what it gives back in every status; a commandId has some 40. */
const CALLBACK_DATA_LENGTH_MAX = 512;

/** Undefined for a person whom WhatsApp cannot be asked for. */
export function cloudBody(command: DispatchCommand): object | undefined {
  const { content, recipient, commandId } = command;
  const person = personOf(recipient);
  if (!person) return undefined;
  return {
    messaging_product: "whatsapp",
    recipient_type: "individual",
    ...person,
    ...messageObject(content),
    ...(commandId.length <= CALLBACK_DATA_LENGTH_MAX && { biz_opaque_callback_data: commandId }),
  };
}

/** A number goes to `to`, the id of a person who shows none to `recipient`; `to` would win. */
function personOf({ msisdn, channelUserIds }: DispatchCommand["recipient"]) {
  if (msisdn) return { to: msisdn };
  const id = Object.hasOwn(channelUserIds, "whatsapp") ? channelUserIds["whatsapp"] : undefined;
  return id ? { recipient: id } : undefined;
}
