// What a message can be told. `at` is when the input is decided, epoch ms: new deadlines count from it. Of two clocks
// that is the later one; the earlier one is `apartMs` behind, and an instant that somebody named is there by that one.
import type { CallRoute, RefusalRule, RequestFault } from "./events.ts";
import type { Step } from "./state.ts";
import type { Charge, ErrorClass, ReportStatus, Revocation } from "./words.ts";

export type SendRequestInput = {
  type: "SendRequest";
  at: number;
  apartMs: number;
  requestedAt: number;
  steps: Step[];
  scheduledAt: number | null;
  expiresAt: number | null;
  lateReports: "AMEND" | "IGNORE";
  /** What stands against it, the gravest first; empty: it is valid. */
  faults: RequestFault[];
};

export type StatusReportInput = {
  type: "StatusReport";
  at: number;
  apartMs: number;
  /** null: found by the provider's id, else by the channel. */
  attemptIndex: number | null;
  channel: string;
  status: ReportStatus;
  provider: string;
  providerMessageId: string | null;
  /** The ids of all parts, where there are several, as the acceptance or the link of its id says them; else empty. */
  providerMessageIds: string[];
  /** The dispatcher has said that its id is the attempt's. */
  isLinked: boolean;
  /** What speaks against it whatever the attempt is; null: nothing does. */
  mismatch: RefusalRule | null;
  errorCode: string | null;
  errorClass: ErrorClass | null;
  errorText: string | null;
  segmentCount: number | null;
  /** What the account says that its code leads to; null: what the step says. */
  leadsTo: "NEXT" | "STOP" | null;
  /** What the provider says of its price; null: nothing. */
  charge: Charge | null;
  route: CallRoute | null;
  /** What became of taking the attempt back, where the report says nothing else; null: it does. */
  revocation: Revocation | null;
};

/** `firedAt`: when the timer was taken, by the earlier of the clocks that deadlines are armed by. */
export type TimerTickInput = {
  type: "TimerTick";
  at: number;
  apartMs: number;
  firedAt: number;
};
export type CancelInput = { type: "Cancel"; at: number; reason: string | null };

export type FallbackInput = SendRequestInput | StatusReportInput | TimerTickInput | CancelInput;

/**
 * How far ahead a message may be scheduled, ms: its journal entry has to be there when it starts,
 * so this stays below the journal's retention (45 days).
 */
export const SCHEDULE_AHEAD_MAX_MS = 30 * 24 * 3_600_000;

/** Durations of the decider, ms. */
export type FallbackRules = {
  /** How long reports about an attempt are taken after its start. */
  listeningMs: number;
  /** A request older than this is stale: a replayed topic never sends yesterday's message. */
  acceptanceWindowMs: number;
};

const HOUR_MS = 3_600_000;

/** 72 h covers the retries of carriers' receipt webhooks (WhatsApp's go on for about 24 h). */
export const fallbackRules: FallbackRules = {
  listeningMs: 72 * HOUR_MS,
  acceptanceWindowMs: 24 * HOUR_MS,
};
