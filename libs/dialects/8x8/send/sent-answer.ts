import { type Static, Type } from "typebox";
import type { Recipient } from "#libs/contracts/generated/types.ts";
import { userIds } from "#libs/dialects/8x8/user-ids.ts";

type Sent = { messageId: string; recipient: Recipient; clientMessageId: string | null };

export const SentAnswer = Type.Object({
  umid: Type.String(),
  user: Type.Record(Type.String(), Type.String()),
  clientMessageId: Type.Optional(Type.String()),
  status: Type.Object({ state: Type.String(), timestamp: Type.String() }),
});
export type SentAnswer = Static<typeof SentAnswer>;

/** 8x8's word on a message that was accepted at `now`, epoch ms. What does not apply is absent. */
export function sentAnswer(
  { messageId, recipient, clientMessageId }: Sent,
  now: number,
): SentAnswer {
  return {
    umid: messageId,
    user: sentUser(recipient),
    ...(clientMessageId !== null && { clientMessageId }),
    status: { state: "queued", timestamp: new Date(now).toISOString() },
  };
}

function sentUser({ msisdn, channelUserIds }: Recipient): Record<string, string> {
  const ids = userIds.flatMap(([member, channel]) => {
    const id = channelUserIds[channel];
    return id === undefined ? [] : [[member, id]];
  });
  return { ...(msisdn !== null && { msisdn }), ...Object.fromEntries(ids) };
}
