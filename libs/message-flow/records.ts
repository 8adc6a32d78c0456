// What the world must be told of a transition: commands for dispatchers, outcomes for analytics,
// the journal for everyone who needs the whole message.

import type {
  ChannelContent,
  Content,
  DispatchCommandInit,
  JournalEntry,
  LeftAttemptInit,
  SendRequest,
} from "#libs/contracts/generated/types.ts";
import { stepContent, stepRecipient } from "#libs/contracts/own-of-step.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { dispatchTopic, topics } from "#libs/contracts/topics.ts";
import type { AttemptStarted, FallbackEvent } from "#libs/fallback/events.ts";
import type { MessageState } from "#libs/fallback/state.ts";
import { idsToRevoke, toRevoke } from "#libs/fallback/to-revoke.ts";
import type { OutgoingRecord } from "#libs/kafka/ports.ts";
import { revokes } from "#libs/providers/providers.ts";
import { contentSms } from "#libs/sms-text/content-sms.ts";
import { outcomeRecord } from "./outcome-record.ts";
import { isOutcome, type Telling } from "./telling.ts";
import { tracing } from "./tracing.ts";
import type { Moved } from "./transition.ts";

/**
 * The records of a transition but for the journal's, in the order in which they were decided. `epoch` is the shard's, in
 * which they are.
 */
export function recordsFor(
  moved: Moved,
  telling: Telling,
  { contracts, epoch }: { contracts: Contracts; epoch: string },
): OutgoingRecord[] {
  const requested = { ...moved, request: telling.request, epoch };
  return moved.events.flatMap((event) => {
    if (event.type === "ATTEMPT_STARTED") return [commandRecord(event, requested, contracts)];
    const outcomes = isOutcome(event) ? [outcomeRecord(event, moved, telling, contracts)] : [];
    return [...outcomes, ...revocationRecords(event, requested, contracts)];
  });
}

/** The journal's record: `value` is the stored state itself. */
export function journalRecord(
  { messageId, traceparent }: Pick<JournalEntry, "messageId" | "traceparent">,
  value: Buffer,
  shard: number,
): OutgoingRecord {
  const record = { topic: topics.messageJournal.name, key: messageId, value, partition: shard };
  return { ...record, ...tracing(traceparent) };
}

type Requested = Pick<Moved, "entry" | "after"> & { request: SendRequest; epoch: string };

function commandRecord(
  event: AttemptStarted,
  requested: Requested,
  contracts: Contracts,
): OutgoingRecord {
  return recordOf(commandOf(event, requested), requested.entry, contracts);
}

/** The command that an attempt's start makes. */
export function commandOf(
  event: AttemptStarted,
  { entry, after, request, epoch }: Requested,
): DispatchCommandInit {
  const { attemptIndex, at, dueAt } = event;
  const step = after.steps[attemptIndex];
  if (!step) throw new Error(`Message ${entry.messageId} started a step that it does not have.`);
  const content = stepContent(request, attemptIndex);
  return {
    commandId: `${entry.messageId}:${attemptIndex}`,
    messageId: entry.messageId,
    attemptIndex,
    accountId: entry.accountId,
    channel: step.channel,
    sender: step.sender,
    recipient: stepRecipient(request, attemptIndex),
    content: channelContent(step.channel, content),
    ttlSeconds: step.ttlSeconds,
    waitMs: step.waitMs,
    notAfter: Math.min(dueAt, after.expiresAt ?? Infinity),
    onUnknown: coversLostAnswer(after, attemptIndex) ? "WAIT" : "REPEAT",
    issuedAt: at,
    revokes: leftAttempts(event, { after, request }),
    epoch,
  };
}

/**
 * Of what no next step's command takes back each attempt has a command of its own, on its channel's topic.
 * Its id names the transition: there may be a second word about the attempt before the first command's end.
 */
function revocationRecords(
  event: FallbackEvent,
  { entry, after, request, epoch }: Requested,
  contracts: Contracts,
): OutgoingRecord[] {
  const { messageId, accountId } = entry;
  return leftAttempts(event, { after, request }).map((left) => {
    const { attemptIndex, channel, sender, recipient } = left;
    const command = {
      commandId: `${messageId}:${attemptIndex}:revoke-${entry.version}`,
      messageId,
      attemptIndex,
      accountId,
      channel,
      sender,
      recipient,
      content: { type: "TEXT", text: null, richJson: null, smsEncoding: null },
      // A version that does not know `revokes` has nothing left to do in time.
      notAfter: event.at,
      onUnknown: "WAIT",
      issuedAt: event.at,
      revokes: [left],
      epoch,
    } satisfies DispatchCommandInit;
    return recordOf(command, entry, contracts);
  });
}

/** Those that an event leaves, and whose providers can be asked to take them back. */
function leftAttempts(
  event: FallbackEvent,
  { after, request }: Pick<Requested, "after" | "request">,
): LeftAttemptInit[] {
  return toRevoke(event, after).flatMap((attemptIndex) => {
    const [step, attempt] = [after.steps[attemptIndex], after.attempts[attemptIndex]];
    if (!step || !attempt?.provider || !revokes(attempt.provider, step.channel)) return [];
    const { channel, sender } = step;
    const { provider } = attempt;
    const recipient = stepRecipient(request, attemptIndex);
    const providerMessageIds = idsToRevoke(attempt);
    return [{ attemptIndex, channel, sender, recipient, provider, providerMessageIds }];
  });
}

/** As it stands on its channel's topic. */
export function recordOf(
  command: DispatchCommandInit,
  { messageId: key, traceparent }: Pick<JournalEntry, "messageId" | "traceparent">,
  contracts: Contracts,
): OutgoingRecord {
  const value = contracts.dispatchCommand.encode(command);
  return { topic: dispatchTopic(command.channel), key, value, ...tracing(traceparent) };
}

/** A lost answer is covered where a next step follows once the wait has ended. */
export function coversLostAnswer(
  { steps }: Pick<MessageState, "steps">,
  attemptIndex: number,
): boolean {
  return attemptIndex < steps.length - 1 && steps[attemptIndex]?.waitMs !== null;
}

/** What a step on `channel` says of `content`. */
export function channelContent(channel: string, content: Content): ChannelContent {
  if (channel === "sms") {
    const { text, encoding: smsEncoding } = contentSms(content);
    return { type: "TEXT", text, richJson: null, smsEncoding };
  }
  const { type, text, richJson } = content;
  return { type, text, richJson, smsEncoding: null };
}
