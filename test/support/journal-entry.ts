// A journal entry as the real decider leaves it behind after the given inputs.
import type { JournalEntry, StoryEvent } from "#libs/contracts/generated/types.ts";
import { decide } from "#libs/fallback/decide.ts";
import type { FallbackEvent, RequestFault } from "#libs/fallback/events.ts";
import { evolve } from "#libs/fallback/evolve.ts";
import type { FallbackInput, SendRequestInput, StatusReportInput } from "#libs/fallback/inputs.ts";
import { initialState, type MessageState, type Step } from "#libs/fallback/state.ts";
import type { ReportStatus } from "#libs/fallback/words.ts";

/** When every story of these tests begins, epoch ms. */
export const START = Date.UTC(2026, 10, 21, 12);

const blankEvent = {
  attemptIndex: null,
  status: null,
  errorCode: null,
  errorClass: null,
  detail: null,
  faults: [],
  dueAt: null,
  outcome: null,
  revision: null,
  duplicate: false,
  charge: null,
  route: null,
  revocation: null,
};

/** The entry after `inputs`; its request is left out. */
export function entryAfter(
  inputs: readonly FallbackInput[],
  ids: Pick<JournalEntry, "messageId" | "accountId"> = { messageId: "m-1", accountId: "demo" },
): JournalEntry {
  let state = initialState;
  const story: StoryEvent[] = [];
  for (const input of inputs) {
    const events: FallbackEvent[] = decide(onItsChannel(input, state), state);
    state = events.reduce(evolve, state);
    story.push(...events.map((event) => ({ ...blankEvent, ...event })));
  }
  const at = inputs.at(-1)?.at ?? START;
  const version = inputs.length;
  return { ...ids, version, at, traceparent: null, request: null, state, story, newEventCount: 0 };
}

export function step(channel: string, waitMs: number | null, wanted: Step["wanted"]): Step {
  return { channel, sender: null, waitMs, wanted, onFailure: "NEXT", ttlSeconds: null };
}

/** 8x8's example: WhatsApp until read for 60 s, then Viber until delivered for 60 s, then SMS. */
export const threeSteps: Step[] = [
  step("whatsapp", 60_000, "READ"),
  step("viber", 60_000, "DELIVERED"),
  step("sms", null, "DELIVERED"),
];

export function sent(steps: Step[], more: Partial<SendRequestInput> = {}): SendRequestInput {
  return {
    type: "SendRequest",
    at: START,
    apartMs: 0,
    requestedAt: START,
    steps,
    scheduledAt: null,
    expiresAt: null,
    lateReports: "AMEND",
    faults: [],
    ...more,
  };
}

/** What stands against a request, of tests to which its place and words are all the same. */
export function faultOf(code: string): RequestFault {
  return { code, path: "/flowId", words: "is not as it must be" };
}

/** Tests that are not about channels leave a report's out: it is then its step's own. */
export function onItsChannel(input: FallbackInput, { steps }: MessageState): FallbackInput {
  if (input.type !== "StatusReport" || input.channel !== "") return input;
  return { ...input, channel: steps[input.attemptIndex ?? -1]?.channel ?? "" };
}

/** A report `afterMs` from the start. */
export function report(
  attemptIndex: number,
  status: ReportStatus,
  afterMs: number,
  more: Partial<StatusReportInput> = {},
): StatusReportInput {
  return {
    type: "StatusReport",
    at: START + afterMs,
    apartMs: 0,
    attemptIndex,
    channel: "",
    status,
    provider: "simulated",
    providerMessageId: null,
    providerMessageIds: [],
    isLinked: true,
    mismatch: null,
    errorCode: null,
    errorClass: null,
    errorText: null,
    segmentCount: null,
    leadsTo: null,
    charge: null,
    route: null,
    revocation: null,
    ...more,
  };
}

export function tick(afterMs: number): FallbackInput {
  const at = START + afterMs;
  return { type: "TimerTick", at, apartMs: 0, firedAt: at };
}

export function cancel(afterMs: number, reason: string | null = null): FallbackInput {
  return { type: "Cancel", at: START + afterMs, reason };
}
