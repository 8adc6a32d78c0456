import type { Recipient } from "#libs/contracts/generated/types.ts";

type Sent = { messageId: string; recipient: Recipient; clientMessageId: string | null };

/** 8x8's word on a message that was accepted at `now`, epoch ms. What does not apply is absent. */
export function sentAnswer({ messageId, recipient, clientMessageId }: Sent, now: number) {
  return {
    umid: messageId,
    user: recipient.msisdn === null ? {} : { msisdn: recipient.msisdn },
    ...(clientMessageId !== null && { clientMessageId }),
    status: { state: "queued", timestamp: new Date(now).toISOString() },
  };
}
