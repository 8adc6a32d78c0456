import { randomUUID } from "node:crypto";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";

type Given = Partial<Omit<DispatchCommand, "recipient">> & { channel: string; recipient: string };

/** The command of a fresh message's first attempt, good for a minute. */
export function commandFor({ recipient, ...given }: Given): DispatchCommand {
  const messageId = given.messageId ?? randomUUID();
  const attemptIndex = given.attemptIndex ?? 0;
  const now = Date.now();
  return {
    commandId: `${messageId}:${attemptIndex}`,
    messageId,
    attemptIndex,
    accountId: "demo",
    sender: "FALLTHRU",
    recipient: { msisdn: recipient, country: null, channelUserIds: {} },
    content: { type: "TEXT", text: "hello", richJson: null, smsEncoding: null },
    ttlSeconds: null,
    waitMs: null,
    notAfter: now + 60_000,
    onUnknown: "WAIT",
    issuedAt: now,
    revokes: [],
    mayBeCalled: false,
    epoch: "",
    ...given,
  };
}
