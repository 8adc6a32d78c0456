// A command as Meta takes it: `POST /{version}/{phone number id}/messages`, or `.../marketing_messages`
// for the marketing templates that a connection names.
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { messageObject } from "../content/message-object.ts";
import type { CloudOptions } from "./access.ts";
import { directSend } from "./direct-send.ts";

/** Meta's limit of what it gives back in every status; a commandId has some 40. */
const CALLBACK_DATA_LENGTH_MAX = 512;

export type CloudRequest = { endpoint: "messages" | "marketing_messages"; body: object };
type Sending = Pick<CloudOptions, "directSend" | "marketing">;

/** Undefined for a person whom WhatsApp cannot be asked for. */
export function cloudRequest(command: DispatchCommand, options: Sending): CloudRequest | undefined {
  const { content, recipient, commandId } = command;
  const person = personOf(recipient);
  if (!person) return undefined;
  const message = messageObject(content);
  const said = {
    messaging_product: "whatsapp",
    recipient_type: "individual",
    ...person,
    ...message,
  };
  const marketing = marketingOf(said, options);
  if (marketing) return { endpoint: "marketing_messages", body: { ...said, ...marketing } };
  const body = {
    ...said,
    ...directSend(message.type, command, options),
    ...(commandId.length <= CALLBACK_DATA_LENGTH_MAX && { biz_opaque_callback_data: commandId }),
  };
  return { endpoint: "messages", body };
}

/** A number goes to `to`, the id of a person who shows none to `recipient`; `to` would win. */
function personOf({ msisdn, channelUserIds }: DispatchCommand["recipient"]) {
  if (msisdn) return { to: msisdn };
  const id = Object.hasOwn(channelUserIds, "whatsapp") ? channelUserIds["whatsapp"] : undefined;
  return id ? { recipient: id } : undefined;
}

/** Meta's description of that endpoint knows a person by number alone, and no data of ours. */
function marketingOf(said: object, { marketing }: Sending) {
  const { to, template } = Object(said);
  if (!marketing || to === undefined || !marketing.templates.includes(Object(template).name)) {
    return undefined;
  }
  const { productPolicy, activitySharing } = marketing;
  return {
    ...(productPolicy !== undefined && { product_policy: productPolicy }),
    ...(activitySharing !== undefined && { message_activity_sharing: activitySharing }),
  };
}
