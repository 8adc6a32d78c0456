// The words of a story: channels, statuses, faults and durations as a person says them.

import type { StoryEvent } from "#libs/contracts/generated/types.ts";
import { showInstant } from "#libs/show-instant.ts";

/** As the vendors spell them; a channel that is not listed is told as it is named. */
const CHANNEL_NAMES: Readonly<Record<string, string>> = {
  whatsapp: "WhatsApp",
  viber: "Viber",
  rcs: "RCS",
  sms: "SMS",
};

/** `whatsapp` is told as `WhatsApp`. */
export function channelName(channel: string): string {
  return CHANNEL_NAMES[channel] ?? channel;
}

/** A symbol of the contracts as a word: `UNDELIVERED` is told as `undelivered`. */
export function word(symbol: string | null): string {
  return symbol === null || symbol === "UNKNOWN" ? "something unknown" : symbol.toLowerCase();
}

/** Seconds, with the fraction that a scaled wait may have: `60 s`, `1.2 s`. */
export function duration(ms: number): string {
  return `${Number((ms / 1000).toFixed(2))} s`;
}

/** An instant in UTC, as every answer of the API writes it. */
export function instant(at: number | null): string {
  return at === null ? "a later time" : showInstant(at);
}

type Fault = Pick<StoryEvent, "errorCode" | "errorClass" | "detail">;

/** ` (code 5, permanent: "no such user")`: what the provider said of a fault; empty if nothing. */
export function faultNote({ errorCode, errorClass, detail }: Fault): string {
  const kind = errorClass === null || errorClass === "UNKNOWN" ? [] : [errorClass.toLowerCase()];
  const said = [...(errorCode === null ? [] : [`code ${errorCode}`]), ...kind].join(", ");
  const quoted = detail === null ? "" : `"${detail}"`;
  const note = [said, quoted].filter((part) => part !== "").join(": ");
  return note === "" ? "" : ` (${note})`;
}
