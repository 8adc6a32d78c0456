// Caps of an account's day that are nearly used, as its own webhooks hear of them. No message's story has
// it, so it does not come by the journal.
import { createHash } from "node:crypto";
import { dayOf } from "#libs/daily-caps/keys.ts";
import type { Fault } from "#libs/judgement/fault.ts";
import type { Account } from "#libs/settings/account.ts";
import { showInstant } from "#libs/show-instant.ts";
import type { Queued } from "#libs/webhook-queue/enqueue.ts";
import { hookLane } from "#libs/webhook-queue/keys.ts";
import type { WebhookQueue } from "#libs/webhook-queue/webhook-queue.ts";

const TYPE = "account.cap-near";

/** `messageId`: the message that came so near; `at`: when it was taken, epoch ms. */
export type NearCaps = {
  account: Pick<Account, "accountId" | "webhooks">;
  near: readonly Fault[];
  messageId: string;
  at: number;
};
export type TellNearCaps = (caps: NearCaps) => Promise<void>;

/**
 * Tells each cap once a day, whichever process comes first: the queue knows what it has had. Rejects with
 * RetriableError while Redis is away; the next message that is near tells it then.
 */
export function nearCapTeller({ enqueue }: Pick<WebhookQueue, "enqueue">): TellNearCaps {
  let day = "";
  // Once a cap is near every message is, and the queue need not be asked again.
  const told = new Set<string>();
  return async ({ near, ...caps }) => {
    if (day !== dayOf(caps.at)) {
      day = dayOf(caps.at);
      told.clear();
    }
    for (const fault of near) {
      const key = `${caps.account.accountId} ${fault.code}`;
      if (told.has(key)) continue;
      await Promise.all(toQueue(fault, caps).map(enqueue));
      told.add(key);
    }
  };
}

/** For each webhook of our own shape; no vendor's has a word for it. */
function toQueue({ code, words }: Fault, { account, messageId, at }: Omit<NearCaps, "near">) {
  const { accountId, webhooks } = account;
  const day = dayOf(at);
  const hash = createHash("sha256").update([accountId, day, code].join("\n")).digest("hex");
  const id = `ntf_${hash.slice(0, 32)}`;
  const cap = code.replace(/-cap-reached$/, "");
  const data = { accountId, day, cap, messageId, text: `The message ${words}.` };
  const body = JSON.stringify({ type: TYPE, id, at: showInstant(at), data });
  const hooks = [...webhooks].filter(([, { enabled, type, format }]) => {
    return enabled && type === "CADR" && format === "native";
  });
  // A message's notifications wait for each other: these wait for no message's, and none for them.
  const place = { messageId: `${TYPE} ${day}` };
  return hooks.map(([hook]): Queued => {
    const note = { ...place, id, hook, url: null, type: TYPE, body, queuedAt: at };
    return { ...place, lane: hookLane(accountId, hook), notes: [note] };
  });
}
