// A carrier that behaves as it is assumed to: what it answers to a call, and what it says later.

import { addressOf } from "#libs/contracts/address-of.ts";
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { stepContent, stepRecipient } from "#libs/contracts/own-of-step.ts";
import { type Channel, channels } from "#libs/contracts/topics.ts";
import type { Step } from "#libs/fallback/state.ts";
import { channelContent } from "#libs/message-flow/records.ts";
import { noAddress } from "#libs/providers/no-address.ts";
import type { ProviderAnswer } from "#libs/providers/provider-adapter.ts";
import { segmentCountOf } from "#libs/providers/segment-count.ts";
import { answerOfRefusal } from "#libs/providers/simulated/answer-of-refusal.ts";
import {
  type Behaviour,
  type PlannedReceipt,
  planAnswer,
  refusalText,
  UNENCODABLE,
} from "#libs/providers/simulated/behaviour.ts";
import {
  echoesReferences,
  takesIdempotencyKeys,
} from "#libs/providers/simulated/carrier-traits.ts";

/** What the dispatcher says of an answer that nobody kept. */
export const LOST_ANSWER = "The answer was lost.";

/** One call for a step of a message. */
export type AssumedCall = {
  request: SendRequest;
  step: Step;
  attemptIndex: number;
  behaviour: Behaviour;
  /** 1 for the first. */
  callCount: number;
  /** True if the answer to an earlier call was lost. */
  isRepeat: boolean;
};

/** `id` is the carrier's own of what it was called for. */
export type AssumedReceipt = PlannedReceipt & { id: string };
export type CarrierAnswer = { answer: ProviderAnswer; receipts: readonly AssumedReceipt[] };

/** The channel by its type. Throws for one that no carrier serves: such a request is refused before. */
export function channelOf(step: Step): Channel {
  const channel = channels.find((each) => each === step.channel);
  if (channel) return channel;
  throw new Error(`No carrier serves the channel ${step.channel}.`);
}

/** What the carrier does. Receipts that could not be joined with the message are left out. */
export function answerCall(call: AssumedCall): CarrierAnswer {
  const { request, step, attemptIndex, isRepeat } = call;
  const channel = channelOf(step);
  if (addressOf(stepRecipient(request, attemptIndex), channel) === undefined)
    return { answer: noAddress, receipts: [] };
  const segmentCount = assumedSegmentCount(call, channel);
  if (channel === "sms" && segmentCount === null) {
    return { answer: answerOfRefusal(UNENCODABLE, channel), receipts: [] };
  }
  const providerMessageId = idOf(call, channel);
  const accepted = { type: "accepted", providerMessageId, segmentCount } as const;
  if (isRepeat && takesIdempotencyKeys(channel)) return { answer: accepted, receipts: [] };
  return behave(call, channel, accepted);
}

type Accepted = Extract<ProviderAnswer, { type: "accepted" }>;

function behave(call: AssumedCall, channel: Channel, accepted: Accepted): CarrierAnswer {
  const { step, behaviour, callCount } = call;
  const waitMs = step.waitMs ?? undefined;
  const ttlMs = step.ttlSeconds === null ? undefined : step.ttlSeconds * 1_000;
  const planned = planAnswer(behaviour, { channel, waitMs, ttlMs, callCount, timeScale: 1 });
  if (planned.answer === "refuse") {
    const refusal = { ...planned, text: refusalText(planned.temporary) };
    return { answer: answerOfRefusal(refusal, channel), receipts: [] };
  }
  const id = accepted.providerMessageId;
  const told = planned.receipts.map((receipt) => ({ ...receipt, id }));
  if (planned.answer === "accept") return { answer: accepted, receipts: told };
  // Without the caller's reference, nobody can tell whose the receipts of a lost answer are.
  const receipts = echoesReferences(channel) ? told : [];
  return { answer: { type: "unknown", text: LOST_ANSWER }, receipts };
}

function idOf({ attemptIndex, callCount }: AssumedCall, channel: Channel): string {
  return `${channel}-${attemptIndex}-${takesIdempotencyKeys(channel) ? 1 : callCount}`;
}

function assumedSegmentCount({ request, step, attemptIndex }: AssumedCall, channel: Channel) {
  const content = stepContent(request, attemptIndex);
  const { text, richJson, smsEncoding } = channelContent(step.channel, content);
  const encoding = smsEncoding === null || smsEncoding === "UNKNOWN" ? "AUTO" : smsEncoding;
  return segmentCountOf({ text: text ?? richJson ?? "", encoding }, channel);
}
