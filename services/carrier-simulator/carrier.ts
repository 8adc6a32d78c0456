// One call to a simulated carrier: what it answers, and the receipts that it will send.
import { randomUUID } from "node:crypto";
import type { Channel } from "#libs/contracts/topics.ts";
import { segmentCountOf } from "#libs/providers/segment-count.ts";
import {
  type PlannedReceipt,
  refusalText,
  UNENCODABLE,
} from "#libs/providers/simulated/behaviour.ts";
import {
  echoesReferences,
  takesBack,
  takesIdempotencyKeys,
} from "#libs/providers/simulated/carrier-traits.ts";
import type {
  CarrierCall,
  CarrierReceipt,
  CarrierRefusal,
} from "#libs/providers/simulated/wire.ts";
import { behaviourOf } from "./behaviour.ts";
import type { ReceiptSender } from "./receipt-sender.ts";
import type { SentCall, SentLog } from "./sent-log.ts";

export type CarrierAnswer =
  | { type: "accepted"; providerMessageId: string }
  | { type: "refused"; refusal: CarrierRefusal }
  /** The message was taken, and the caller is not to learn of it. */
  | { type: "cut" };

export type CarrierDeps = {
  sent: SentLog;
  receipts: ReceiptSender;
  timeScale: number;
  now: () => number;
};

/** Takes or refuses one call, as the recipient's digits say. */
export function takeCall(channel: Channel, call: CarrierCall, deps: CarrierDeps): CarrierAnswer {
  const last = deps.sent.findLast(channel, call.commandId);
  if (last?.providerMessageId && takesIdempotencyKeys(channel)) {
    last.attempts += 1;
    return { type: "accepted", providerMessageId: last.providerMessageId };
  }
  if (channel === "sms" && segmentCountOf(call, channel) === null) {
    return refuse(channel, call, { refusal: UNENCODABLE, deps });
  }
  const { recipient, waitMs, ttlSeconds } = call;
  const { timeScale } = deps;
  const ttlMs = ttlSeconds === undefined ? undefined : ttlSeconds * 1_000 * timeScale;
  const callCount = (last?.attempts ?? 0) + 1;
  const behaviour = behaviourOf({ channel, recipient, waitMs, ttlMs, callCount, timeScale });
  if (behaviour.answer === "refuse") {
    const { code, temporary } = behaviour;
    const refusal = { code, temporary, text: refusalText(temporary) };
    return refuse(channel, call, { refusal, deps });
  }
  const providerMessageId = randomUUID();
  const { receipts } = behaviour;
  const sent = note(channel, call, { providerMessageId, receipts }, deps);
  sendReceipts(receipts, { channel, call, providerMessageId, sent }, deps);
  return behaviour.answer === "cut" ? { type: "cut" } : { type: "accepted", providerMessageId };
}

function refuse(
  channel: Channel,
  call: CarrierCall,
  { refusal, deps }: { refusal: CarrierRefusal; deps: CarrierDeps },
): CarrierAnswer {
  note(channel, call, { providerMessageId: null, receipts: [] }, deps);
  return { type: "refused", refusal };
}

/** Takes a message back. Asked again it says the same, unless it was delivered: that is the last word. */
export function takeBack(
  channel: Channel,
  commandId: string,
  { sent, now }: Pick<CarrierDeps, "sent" | "now">,
): "revoked" | "delivered" | "unknown" {
  const call = sent.findLast(channel, commandId);
  if (!call?.providerMessageId || !takesBack(channel)) return "unknown";
  if (!call.isRevoked && call.finalAt !== null && now() >= call.finalAt) return "delivered";
  call.isRevoked = true;
  return "revoked";
}

function note(
  channel: Channel,
  { recipient, sender, text, commandId, ttlSeconds }: CarrierCall,
  { providerMessageId, receipts }: { providerMessageId: string | null; receipts: Receipts },
  { sent, now }: CarrierDeps,
): SentCall {
  const given = { sender: sender ?? null, ttlSeconds: ttlSeconds ?? null };
  const call = { channel, recipient, text, commandId, ...given };
  const receivedAt = now();
  const finals = receipts.flatMap(({ status, afterMs }) => (status === "sent" ? [] : afterMs));
  const finalAt = finals.length === 0 ? null : receivedAt + Math.min(...finals);
  return sent.add({ ...call, providerMessageId, receivedAt, finalAt });
}

type Receipts = readonly PlannedReceipt[];
type Taken = { channel: Channel; call: CarrierCall; providerMessageId: string; sent: SentCall };

function sendReceipts(
  planned: readonly PlannedReceipt[],
  { channel, call, providerMessageId, sent }: Taken,
  { receipts, now }: CarrierDeps,
): void {
  const segments = segmentCountOf(call, channel);
  for (const { status, afterMs, errorCode } of planned) {
    const receipt: CarrierReceipt = {
      // A carrier that posts a receipt twice gives it the same id.
      receiptId: `${providerMessageId}:${status}`,
      id: providerMessageId,
      ...(echoesReferences(channel) ? { reference: call.commandId } : {}),
      status,
      ...(errorCode === undefined ? {} : { errorCode }),
      at: Math.round(now() + afterMs),
      ...(segments === null ? {} : { segments }),
    };
    receipts.sendAfter(afterMs, channel, { receipt, isWanted: () => !sent.isRevoked });
  }
}
