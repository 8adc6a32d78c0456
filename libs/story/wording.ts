// The words of a story: channels, statuses, faults and durations as a person says them.

import type { Charge, Revocation, StoryEvent } from "#libs/contracts/generated/types.ts";
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

/** The operator's main, where a connection is told with a star before its name. */
export function connectionName(connection: string): string {
  return connection.replace(/^\*\//, "the operator's ");
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

/** `the provider charges 0.0075 USD (marketing, network 52501)`. */
export function chargeWords(charge: StoryEvent["charge"]): string {
  if (charge === null) return "the provider said something of its price";
  const { category, network } = charge;
  const more = [category, network === null ? null : `network ${network}`].filter(Boolean);
  const note = more.length === 0 ? "" : ` (${more.join(", ")})`;
  return `the provider ${priceWords(charge)}${note}`;
}

function priceWords({ amountMicros, currency, isBillable }: Charge): string {
  if (amountMicros !== null) return `charges ${amountMicros / 1_000_000} ${currency ?? ""}`.trim();
  if (isBillable === null) return "names no price";
  return isBillable ? "charges for it" : "charges nothing for it";
}

/** Behind the channel's name. */
const REVOCATIONS: Readonly<Record<Revocation, string>> = {
  UNKNOWN: "was asked to take its message back",
  REVOKED: "took its message back: it will not be delivered",
  REQUESTED: "was asked to take its message back, and does not say whether it still can",
  TOO_LATE: "was asked to take its message back, too late: it was delivered already",
  REFUSED: "was asked to take its message back, and did not",
  NO_ANSWER: "was asked to take its message back, and gave no answer in time",
};

/** `took its message back: it will not be delivered`. */
export function revocationWords(revocation: Revocation | null): string {
  return REVOCATIONS[revocation ?? "UNKNOWN"];
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
