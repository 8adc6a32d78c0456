// TTLs that are their steps' waits: what is not delivered when a step is left is not delivered at all.
import type { Content } from "#libs/contracts/generated/types.ts";
import type { Account } from "#libs/settings/account.ts";
import type { TimedStep } from "./align.ts";
import { channelTtl } from "./channel-ttl.ts";
import { DIRECT_SEND_TTL_SECONDS, readRichContent } from "./rich-content.ts";

type Range = { minimum: number; maximum: number };

/**
 * What every provider of a channel takes, seconds, as each documents: Vonage 20 s at least on SMS and RCS,
 * 30 s on Viber; Twilio 10 h at most on SMS; Infobip 48 h on Viber and RCS.
 */
const TTL_RANGES: Readonly<Record<string, Range>> = {
  sms: { minimum: 20, maximum: 36_000 },
  viber: { minimum: 30, maximum: 172_800 },
  rcs: { minimum: 20, maximum: 172_800 },
};

export type Unmatched = {
  stepIndex: number;
  channel: string;
  waitSeconds: number;
  /** The nearest that the channel takes; null where it takes none with a message. */
  nearest: (Range & { seconds: number }) | null;
};

/** The steps with each TTL at its wait, or as near as its channel takes it, and those that are not at it. */
export function matchTtls<Step extends TimedStep>(
  steps: readonly Step[],
  content: Content,
  account: Account,
): { steps: Step[]; unmatched: Unmatched[] } {
  const unmatched: Unmatched[] = [];
  const matched = steps.map((step, stepIndex) => {
    const { channel, waitSeconds } = step;
    // The last step is left by nothing that follows it.
    if (waitSeconds === null || stepIndex === steps.length - 1) return step;
    const said = step.content ?? content;
    const range = rangeOf(channel, said);
    if (!range) {
      const { seconds } = channelTtl(step, said, account);
      if (seconds >= waitSeconds)
        unmatched.push({ stepIndex, channel, waitSeconds, nearest: null });
      return step;
    }
    const seconds = Math.min(Math.max(waitSeconds, range.minimum), range.maximum);
    const nearest = { seconds, ...range };
    if (seconds !== waitSeconds) unmatched.push({ stepIndex, channel, waitSeconds, nearest });
    return { ...step, ttlSeconds: seconds };
  });
  return { steps: matched, unmatched };
}

/** On WhatsApp a TTL is the template's own, but for a direct send. */
function rangeOf(channel: string, { richJson }: Content): Range | undefined {
  if (channel !== "whatsapp") return TTL_RANGES[channel];
  const direct = richJson === null ? undefined : readRichContent(richJson).directSendTtlSeconds;
  return direct === undefined ? undefined : DIRECT_SEND_TTL_SECONDS;
}
