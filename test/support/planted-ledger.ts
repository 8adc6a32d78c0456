// What a product that keeps every guarantee would leave on the topics, for tests that plant a breach in it.
import type {
  DispatchCommand,
  FlowStep,
  JournalEntry,
  MessageOutcome,
  StatusReport,
  StoryEvent,
} from "#libs/contracts/generated/types.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import type { Ledger, Recorded } from "#test/support/audit.ts";
import { commandFor } from "#test/support/dispatch-command.ts";
import {
  entryAfter,
  report as reported,
  START,
  sent,
  threeSteps,
  tick,
} from "#test/support/journal-entry.ts";

const messageId = "m-1";
export const recipient = { msisdn: "+6599990000", country: null, channelUserIds: {} };
const request = Buffer.from("the request");

/** WhatsApp stays silent, Viber fails, SMS is delivered, and WhatsApp after all: two outcomes. */
export const inputs: FallbackInput[] = [
  sent(threeSteps),
  reported(0, "SENT", 100),
  tick(60_000),
  reported(1, "UNDELIVERED", 61_000),
  reported(2, "DELIVERED", 62_000),
  reported(0, "READ", 90_000),
];

export function recorded<T extends object>(value: T, partition = 0): Recorded<T> {
  const bytes = Buffer.from(JSON.stringify(value));
  return { key: messageId, partition, value, bytes, epoch: "" };
}

/** What the product would leave on the topics after `given`. */
export function ledgerOf(given: readonly FallbackInput[] = inputs): Ledger {
  const versions = given.map((_, index) => entryAfter(given.slice(0, index + 1)));
  const entries = versions.map((entry, index): JournalEntry => {
    const newEventCount = entry.story.length - (versions[index - 1]?.story.length ?? 0);
    return { ...entry, request, newEventCount };
  });
  const { story, state } = entries.at(-1)!;
  return {
    requests: [
      recorded({
        messageId,
        recipient,
        steps: [],
      } as unknown as Ledger["requests"][number]["value"]),
    ],
    reports: given.flatMap((input) =>
      input.type === "StatusReport" ? [reportOf(input.attemptIndex, { ...input })] : [],
    ),
    ticks: [
      recorded({
        messageId,
        dueAt: START + 60_000,
        firedAt: START + 60_000,
        leaseEndsAt: START + 65_000,
      }),
    ],
    commands: story
      .filter(({ type }) => type === "ATTEMPT_STARTED")
      .map((event) => commandOf(event, state.steps)),
    outcomes: story
      .filter(({ type }) => type === "MESSAGE_ENDED" || type === "OUTCOME_AMENDED")
      .map((event) => outcomeOf(event, state.steps)),
    journal: entries.map((entry) => recorded(entry)),
  };
}

function commandOf(
  { attemptIndex, at }: StoryEvent,
  steps: readonly FlowStep[],
): Recorded<DispatchCommand> {
  const given = { messageId, attemptIndex: attemptIndex ?? 0, issuedAt: at, notAfter: at };
  const { channel = "", waitMs = null } = steps[given.attemptIndex] ?? {};
  return recorded(commandFor({ channel, waitMs, recipient: "+6599990000", ...given }));
}

function outcomeOf(
  { revision, outcome, duplicate, attemptIndex }: StoryEvent,
  steps: readonly FlowStep[],
): Recorded<MessageOutcome> {
  const channel = steps[attemptIndex ?? -1]?.channel ?? null;
  return recorded({
    messageId,
    revision,
    outcome,
    duplicate,
    attemptIndex,
    channel,
  } as MessageOutcome);
}

export function reportOf(attemptIndex: number | null, said: Partial<StatusReport>) {
  const providerMessageId = `provider-${attemptIndex}`;
  const silent = { errorCode: null, status: "ACCEPTED" };
  return recorded({
    ...silent,
    ...said,
    messageId,
    attemptIndex,
    providerMessageId,
  } as StatusReport);
}

/** The same ledger with another newest story. */
export function retold(change: (story: StoryEvent[]) => StoryEvent[]): Ledger {
  const ledger = ledgerOf();
  const last = ledger.journal.at(-1)!.value;
  const journal = [
    ...ledger.journal.slice(0, -1),
    recorded({ ...last, story: change(last.story) }),
  ];
  return { ...ledger, journal };
}
