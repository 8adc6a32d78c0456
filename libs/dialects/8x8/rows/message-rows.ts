// A message as 8x8's read answer shows it: one row per attempted channel.

import type { Recipient } from "#libs/contracts/generated/types.ts";
import { stepClientMessageId, stepContent, stepRecipient } from "#libs/contracts/own-of-step.ts";
import { channelNameOf } from "#libs/dialects/8x8/channel-names.ts";
import { toldStatus } from "#libs/dialects/8x8/receipts/event-status.ts";
import type { KnownMessage } from "#libs/dialects/dialect.ts";
import { maskNumber } from "#libs/phone-numbers/mask-number.ts";
import type { Account } from "#libs/settings/account.ts";
import { showInstant } from "#libs/show-instant.ts";
import { contentTypeName } from "./content-type-name.ts";
import { type RowStatus, rowStatus } from "./row-status.ts";

/** 8x8's own word; it says nothing of what was sent, not even its length. */
const MASKED_CONTENT = "**MASKED**";

/** Members that do not apply are absent: generated clients refuse null. */
export type MessageRow = {
  umid: string;
  subAccountId: string;
  channel: string;
  channelId: string;
  direction: "outbound";
  country?: string;
  status: RowStatus;
  /** Masked, as 8x8's are. */
  user: { msisdn?: string; channelUserId?: string };
  contentType: string;
  content: string;
  /** When the message was submitted, whenever its channel was tried. */
  createdAt: string;
  clientMessageId?: string;
  clientBatchId?: string;
  batchId?: string;
  /** 1 for the first channel. */
  step: number;
};

/** Oldest first. A message of which nothing was started has one row that says so. */
export function messageRows(message: KnownMessage, account: Account): MessageRow[] {
  const { entry, request } = message;
  const { attempts, steps } = entry.state;
  if (attempts.length === 0) return [unstartedRow(message, account)];
  return attempts.map((attempt, index) => ({
    ...sharedMembers(message, index),
    ...channelMembers(steps[index], stepRecipient(request, index), account),
    contentType: contentTypeName(stepContent(request, index)),
    // What a webhook hears, so that who polls learns of a step's end as well.
    status: toldStatus(entry, index) ?? rowStatus(attempt, attempt.startedAt),
    step: index + 1,
  }));
}

function unstartedRow(message: KnownMessage, account: Account): MessageRow {
  const { entry, request } = message;
  const planned = [...entry.state.steps, ...request.steps, ...account.defaultFlow];
  return {
    ...sharedMembers(message, 0),
    ...channelMembers(planned[0], stepRecipient(request, 0), account),
    contentType: contentTypeName(stepContent(request, 0)),
    status: toldStatus(entry, 0) ?? { state: "queued", timestamp: iso(entry.at) },
    step: 1,
  };
}

function sharedMembers({ entry, request }: KnownMessage, index: number) {
  const { batchId, clientBatchId } = request;
  const { country } = stepRecipient(request, index);
  const clientMessageId = stepClientMessageId(request, index);
  return {
    umid: entry.messageId,
    subAccountId: entry.accountId,
    direction: "outbound" as const,
    content: MASKED_CONTENT,
    createdAt: iso(request.requestedAt),
    ...(country !== null && { country }),
    ...(clientMessageId !== null && { clientMessageId }),
    ...(clientBatchId !== null && { clientBatchId }),
    ...(batchId !== null && { batchId }),
  };
}

type Planned = { channel: string; sender?: string | null };

function channelMembers(step: Planned | undefined, recipient: Recipient, account: Account) {
  const channel = step?.channel ?? "";
  const own = account.channels.get(channel)?.channelId;
  const channelId = own ?? step?.sender ?? account.senders[channel] ?? "";
  const { msisdn, channelUserIds } = recipient;
  const channelUserId = channelUserIds[channel];
  return {
    channel: channelNameOf(channel),
    channelId,
    user: {
      ...(msisdn !== null && { msisdn: maskNumber(msisdn) }),
      ...(channelUserId !== undefined && { channelUserId: maskNumber(channelUserId) }),
    },
  };
}

function iso(at: number): string {
  return showInstant(at);
}
