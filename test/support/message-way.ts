// The way of a message in virtual time, told by the decider itself: its channels and when each was
// started, in seconds: `60 viber`.
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import type { Behaviour } from "#libs/providers/simulated/behaviour.ts";
import type { Message } from "#libs/rehearsal/message.ts";
import { rehearse } from "#libs/rehearsal/rehearse.ts";
import { entryAfter, START } from "#test/support/journal-entry.ts";

/** Where each channel in turn behaves so. */
export function wayOf(message: Message, ...behaviours: Behaviour[]): string[] {
  return starts(rehearse(message, behaviours).state);
}

/** After these reports and ticks. */
export function wayAfter({ input }: Message, ...inputs: FallbackInput[]): string[] {
  return starts(entryAfter([input, ...inputs]).state);
}

type Way = { attempts: readonly { startedAt: number }[]; steps: readonly { channel: string }[] };

function starts({ attempts, steps }: Way): string[] {
  return attempts.map(({ startedAt }, index) => {
    return `${(startedAt - START) / 1_000} ${steps[index]?.channel}`;
  });
}
