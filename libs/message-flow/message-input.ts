// What a message is told, as it came from Kafka, and what the decider makes of it.

import { providerTtl } from "#libs/channel-ttl/channel-ttl.ts";
import type { Fault } from "#libs/contracts/bound.ts";
import type {
  CancelRequest,
  Content,
  SendRequest,
  StatusReport,
} from "#libs/contracts/generated/types.ts";
import { ERROR_TEXT_LENGTH_MAX, REQUEST_FAULT_COUNT_MAX } from "#libs/contracts/limits.ts";
import { stepContent } from "#libs/contracts/own-of-step.ts";
import { cutText } from "#libs/cut-text.ts";
import type { RequestFault } from "#libs/fallback/events.ts";
import type { FallbackInput, SendRequestInput } from "#libs/fallback/inputs.ts";
import type { Step } from "#libs/fallback/state.ts";
import { boundFault } from "#libs/judgement/bound-faults.ts";
import { faultsOf } from "#libs/judgement/judge.ts";
import { type RequestedStep, requestedSteps } from "#libs/judgement/requested-steps.ts";
import { isProviderOf } from "#libs/providers/providers.ts";
import type { Account, Settings } from "#libs/settings/account.ts";
import { whereCodeLeads } from "#libs/settings/code-rules.ts";

export type MessageInput =
  | {
      type: "SendRequest";
      messageId: string;
      accountId: string;
      request: SendRequest;
      /** What was out of bounds: the request is refused, and something stands in for it. */
      faults: readonly Fault[];
      /** The request in Confluent wire format, as it came if nothing was out of bounds: it is kept. */
      bytes: Buffer;
      /** What of the account's day it does not fit into. */
      overCaps?: readonly RequestFault[];
      traceparent: string;
    }
  | { type: "Cancel"; messageId: string; accountId: string; cancel: CancelRequest }
  | {
      type: "StatusReport";
      messageId: string;
      report: StatusReport;
      /** The provider's id is known as that of another attempt than the report names. */
      isOfAnother: boolean;
      /** It is known as that of the attempt. */
      isLinked: boolean;
    }
  | { type: "TimerTick"; messageId: string; firedAt: number };

/** What an input is read with. */
export type Reading = {
  /** The later of the shard's and the process' clock, epoch ms. */
  now: number;
  /** How far behind that the earlier one is, ms. */
  apartMs: number;
  settings: Settings;
  /** Multiplies every wait; 1 outside demonstrations and tests. */
  timeScale: number;
};

/** The decider's input. Never throws: a request that cannot be carried out carries what stands against it. */
export function toFallbackInput(
  input: MessageInput,
  { accountId, ...reading }: Reading & { accountId: string },
): FallbackInput {
  const { now: at, apartMs } = reading;
  switch (input.type) {
    case "SendRequest":
      return withOverCaps(
        input.overCaps,
        refusedFor(input.faults, toSendRequestInput(input.request, reading)),
      );
    case "Cancel":
      return { type: "Cancel", at, reason: input.cancel.reason };
    case "StatusReport":
      return {
        ...input.report,
        type: "StatusReport",
        at,
        apartMs,
        isLinked: input.isLinked,
        mismatch: mismatchOf(input),
        leadsTo: failureLeadsTo(input.report, reading.settings.findAccount(accountId)),
      };
    case "TimerTick":
      return { type: "TimerTick", at, apartMs, firedAt: Math.min(input.firedAt, at) };
  }
}

/** Also before its first word nobody but the channel's own provider can have an attempt. */
function mismatchOf({ report, isOfAnother }: Extract<MessageInput, { type: "StatusReport" }>) {
  if (isOfAnother) return "id-of-another-attempt";
  return isProviderOf(report.provider, report.channel) ? null : "other-provider";
}

/** To try again is a dispatcher's matter, when its own call is answered so. */
export function failureLeadsTo(
  { provider, channel, errorCode: code }: Pick<StatusReport, "provider" | "channel" | "errorCode">,
  account: Pick<Account, "codeRules"> | undefined,
): "NEXT" | "STOP" | null {
  const led =
    account && code !== null ? whereCodeLeads(account, { provider, channel, code }) : undefined;
  return led === undefined || led === "RETRY" ? null : led;
}

/** What is out of bounds goes before what an account's settings say of the stand-ins. */
function refusedFor(faults: readonly Fault[], input: SendRequestInput): SendRequestInput {
  return faults.length === 0 ? input : { ...input, faults: told(faults.map(boundFault)) };
}

/** Whatever is wrong with the request itself was found first, and nothing was counted then. */
function withOverCaps(
  overCaps: readonly RequestFault[] = [],
  input: SendRequestInput,
): SendRequestInput {
  return overCaps.length === 0 ? input : { ...input, faults: told([...input.faults, ...overCaps]) };
}

/** As many as are kept, and of each as much. */
function told(faults: readonly RequestFault[]): RequestFault[] {
  return faults.slice(0, REQUEST_FAULT_COUNT_MAX).map(({ code, path, words }) => {
    return { code, path: cut(path), words: cut(words) };
  });
}

function cut(text: string): string {
  return cutText(text, ERROR_TEXT_LENGTH_MAX);
}

/** The request as its account's settings complete it, with what stands against it. Never throws. */
export function toSendRequestInput(request: SendRequest, reading: Reading): SendRequestInput {
  const { now, apartMs, settings, timeScale } = reading;
  const account = settings.findAccount(request.accountId);
  const requested = requestedSteps(request, account);
  return {
    type: "SendRequest",
    at: now,
    apartMs,
    requestedAt: request.requestedAt,
    steps: requested.map((step, index) => {
      const content = stepContent(request, index);
      return toStep(step, { content, account, timeScale });
    }),
    scheduledAt: request.scheduledAt,
    expiresAt: request.expiresAt,
    lateReports: request.lateReports === "IGNORE" ? "IGNORE" : "AMEND",
    faults: told(faultsOf(request, { account, now })),
  };
}

type StepContext = { content: Content; account: Account | undefined; timeScale: number };

function toStep(step: RequestedStep, { content, account, timeScale }: StepContext): Step {
  const { channel, waitSeconds, wanted, onFailure } = step;
  return {
    channel,
    sender: smsSource(channel, content) ?? step.sender ?? account?.senders[channel] ?? null,
    waitMs: waitSeconds === null ? null : Math.round(waitSeconds * 1000 * timeScale),
    wanted: wanted === "UNKNOWN" ? "DELIVERED" : wanted,
    onFailure: onFailure === "STOP" ? "STOP" : "NEXT",
    ttlSeconds: account ? providerTtl(step, content, account) : step.ttlSeconds,
  };
}

/** An SMS goes out under the name that its text was written for, whatever the flow says. */
function smsSource(channel: string, content: Content): string | null {
  return channel === "sms" ? (content.sms?.source ?? null) : null;
}
