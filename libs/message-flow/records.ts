// What the world must be told of a transition: commands for dispatchers, outcomes for analytics,
// the journal for everyone who needs the whole message.

import type {
  ChannelContent,
  Content,
  DispatchCommandInit,
  JournalEntry,
  SendRequest,
} from "#libs/contracts/generated/types.ts";
import { stepContent, stepRecipient } from "#libs/contracts/own-of-step.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { dispatchTopic, topics } from "#libs/contracts/topics.ts";
import type { AttemptStarted } from "#libs/fallback/events.ts";
import type { MessageState } from "#libs/fallback/state.ts";
import type { OutgoingRecord } from "#libs/kafka/ports.ts";
import { contentSms } from "#libs/sms-text/content-sms.ts";
import { outcomeRecord } from "./outcome-record.ts";
import { isTold, type Telling } from "./telling.ts";
import { tracing } from "./tracing.ts";
import type { Moved } from "./transition.ts";

/** The records of a transition but for the journal's, in the order in which they were decided. */
export function recordsFor(moved: Moved, telling: Telling, contracts: Contracts): OutgoingRecord[] {
  return moved.events
    .filter(isTold)
    .map((event) =>
      event.type === "ATTEMPT_STARTED"
        ? commandRecord(event, moved, telling.request, contracts)
        : outcomeRecord(event, moved, telling, contracts),
    );
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

function commandRecord(
  event: AttemptStarted,
  { entry, after }: Moved,
  request: SendRequest,
  contracts: Contracts,
): OutgoingRecord {
  const { attemptIndex, at, dueAt } = event;
  const step = after.steps[attemptIndex];
  if (!step) throw new Error(`Message ${entry.messageId} started a step that it does not have.`);
  const content = stepContent(request, attemptIndex);
  const command: DispatchCommandInit = {
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
  };
  const value = contracts.dispatchCommand.encode(command);
  const topic = dispatchTopic(step.channel);
  return { topic, key: entry.messageId, value, ...tracing(entry.traceparent) };
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
