// Which behaviour a recipient's number asks for: one digit of it for each channel.
import type { Channel } from "#libs/contracts/topics.ts";
import {
  behaviours,
  type PlannedAnswer,
  type PlannedCall,
  planAnswer,
} from "#libs/providers/simulated/behaviour.ts";

/** The digit's place from the right of the number, by channel. */
const DIGIT_PLACE: Readonly<Record<Channel, number>> = { sms: 0, viber: 1, whatsapp: 2, rcs: 3 };

export type BehaviourInput = PlannedCall & { recipient: string };

/** What happens to one call, and the receipts that follow it. */
export function behaviourOf({ recipient, ...call }: BehaviourInput): PlannedAnswer {
  const behaviour = behaviours[Number(digitOf(recipient, call.channel))] ?? "read";
  return planAnswer(behaviour, call);
}

/** `0` where the number is too short, or has another sign in that place. */
export function digitOf(recipient: string, channel: Channel): string {
  const sign = recipient.at(-1 - DIGIT_PLACE[channel]) ?? "0";
  return /\d/.test(sign) ? sign : "0";
}
