// A message as 8x8's read answer shows it: one row per attempted channel.

import type {
  Attempt,
  Content,
  ContentType,
  JournalEntry,
} from "#libs/contracts/generated/types.ts";
import { stepContent } from "#libs/contracts/step-content.ts";
import { type RowStatus, rowStatus } from "#libs/dialects/8x8/row-status.ts";
import type { Account } from "#libs/settings/account.ts";
import { maskNumber } from "#libs/telemetry/log.ts";
import type { FoundMessage } from "../../find-messages.ts";
import { channelNameOf } from "./channel-names.ts";

/** Says nothing of a text, not even its length. */
const MASK = "*****";

/** Members that do not apply are absent: generated clients refuse null. */
export type MessageRow = {
  umid: string;
  subAccountId: string;
  channel: string;
  channelId: string;
  direction: "outbound";
  country?: string;
  status: RowStatus;
  user: { msisdn?: string };
  contentType: string;
  /** Masked, as 8x8's is; empty where there is no plain text. */
  content: { text?: string };
  createdAt: string;
  clientMessageId?: string;
  clientBatchId?: string;
  batchId?: string;
  /** 1 for the first channel. */
  step: number;
};

/** Oldest first. A message of which nothing was started has one row that says so. */
export function messageRows(message: FoundMessage, account: Account): MessageRow[] {
  const { entry, request } = message;
  const { attempts, steps } = entry.state;
  if (attempts.length === 0) return [unstartedRow(message, account)];
  return attempts.map((attempt, index) => ({
    ...sharedMembers(message),
    ...contentMembers(stepContent(request, index)),
    ...channelMembers(steps[index], account),
    status: rowStatus(attempt, lastWordAt(entry, index, attempt)),
    createdAt: iso(attempt.startedAt),
    step: index + 1,
  }));
}

function unstartedRow(message: FoundMessage, account: Account): MessageRow {
  const { entry, request } = message;
  const planned = [...entry.state.steps, ...request.steps, ...account.defaultFlow];
  return {
    ...sharedMembers(message),
    ...contentMembers(stepContent(request, 0)),
    ...channelMembers(planned[0], account),
    status: { state: unstartedState(entry), timestamp: iso(entry.at) },
    createdAt: iso(request.requestedAt),
    step: 1,
  };
}

function unstartedState({ state }: JournalEntry): string {
  if (state.phase !== "ENDED") return "queued";
  return state.outcome === "REJECTED" ? "rejected" : "failed";
}

function sharedMembers({ entry, request }: FoundMessage) {
  const { recipient, clientMessageId, batchId, clientBatchId } = request;
  return {
    umid: entry.messageId,
    subAccountId: entry.accountId,
    direction: "outbound" as const,
    user: recipient.msisdn === null ? {} : { msisdn: maskNumber(recipient.msisdn) },
    ...(recipient.country !== null && { country: recipient.country }),
    ...(clientMessageId !== null && { clientMessageId }),
    ...(clientBatchId !== null && { clientBatchId }),
    ...(batchId !== null && { batchId }),
  };
}

function contentMembers({ type, text }: Content) {
  return { contentType: contentTypeName(type), content: text === null ? {} : { text: MASK } };
}

type Planned = { channel: string; sender?: string | null };

function channelMembers(step: Planned | undefined, account: Account) {
  const channel = step?.channel ?? "";
  const own = account.channels.get(channel)?.channelId;
  const channelId = own ?? step?.sender ?? account.senders[channel] ?? "";
  return { channel: channelNameOf(channel), channelId };
}

/** `RICH_CARD` is 8x8's `richCard`; the others are single words. */
function contentTypeName(type: ContentType): string {
  return type === "RICH_CARD" ? "richCard" : type.toLowerCase();
}

function lastWordAt({ story }: JournalEntry, attemptIndex: number, attempt: Attempt): number {
  const word = story.findLast(
    (event) => event.type === "STATUS_CHANGED" && event.attemptIndex === attemptIndex,
  );
  return word?.at ?? attempt.startedAt;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
