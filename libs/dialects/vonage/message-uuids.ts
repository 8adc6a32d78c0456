// Every message of a failover has a UUID of its own, all of them made of the first one's: its last two
// digits say which it is. So whatever a client names leads to our message, and nothing is looked up.
import { randomUUID } from "node:crypto";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Made here: of the first message. Ids of other APIs end in anything. */
const FIRST = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{10}00$/;
/** Stands for the failover as a whole: it never has so many messages. */
const WORKFLOW = 0xff;

/** Of a new message, which is the first of its failover. */
export function newMessageUuid(): string {
  return messageIdOf(randomUUID());
}

/** Of the message at `index` of a failover; what came by another API is told by the id that it has. */
export function uuidAt(messageId: string, index: number): string {
  return FIRST.test(messageId) ? messageId.slice(0, -2) + twoDigits(index) : messageId;
}

/** Of the failover as a whole. */
export function workflowIdOf(messageId: string): string {
  return uuidAt(messageId, WORKFLOW);
}

/** Our id of the message that any of its UUIDs leads to. */
export function messageIdOf(uuid: string): string {
  return UUID.test(uuid) ? uuid.toLowerCase().slice(0, -2) + twoDigits(0) : uuid;
}

function twoDigits(index: number): string {
  return index.toString(16).padStart(2, "0");
}
