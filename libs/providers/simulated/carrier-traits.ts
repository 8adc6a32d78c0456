// In what the carriers of the channels differ, as far as a caller notices it.
import type { Channel } from "#libs/contracts/topics.ts";

/** Carriers that give the caller's reference back in their receipts, as WhatsApp and RBM do. */
const ECHOING: ReadonlySet<Channel> = new Set(["whatsapp", "rcs"]);

/** Google's RBM takes the caller's id as the message's id; the others have no such key. */
const IDEMPOTENT: ReadonlySet<Channel> = new Set(["rcs"]);

/** RBM takes back what is not delivered yet; the others cannot. */
const REVOKING: ReadonlySet<Channel> = new Set(["rcs"]);

/** True if what is not delivered yet can be taken back. */
export function takesBack(channel: Channel): boolean {
  return REVOKING.has(channel);
}

/** True if a receipt finds its message even where the answer to the call was lost. */
export function echoesReferences(channel: Channel): boolean {
  return ECHOING.has(channel);
}

/** True if a call that is repeated with the same commandId is answered but not sent again. */
export function takesIdempotencyKeys(channel: Channel): boolean {
  return IDEMPOTENT.has(channel);
}
