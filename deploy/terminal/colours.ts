// The few colours that the terminal tool uses, each with one meaning.
import { styleText } from "node:util";

export type Colour = "green" | "red" | "yellow" | "cyan" | "magenta" | "blue" | "dim" | "none";

const CHANNEL_COLOURS: Readonly<Record<string, Colour>> = {
  whatsapp: "green",
  viber: "magenta",
  rcs: "blue",
  sms: "cyan",
};

/** A channel keeps its colour wherever it is named. */
export function channelColour(channel: string | undefined): Colour {
  return CHANNEL_COLOURS[channel ?? ""] ?? "none";
}

/** `SUCCEEDED` in green, what may have got through in yellow, the rest in red. */
export function showOutcome(outcome: string): string {
  const mild = ["UNCONFIRMED", "CANCELED"];
  const colour = outcome === "SUCCEEDED" ? "green" : mild.includes(outcome) ? "yellow" : "red";
  return styleText(["bold", colour], outcome.toLowerCase());
}

/** Costs are in 1/10,000 of the currency. */
export function showCost({ amount, currency }: { amount: number; currency: string }): string {
  return `${amount / 10_000} ${currency}`;
}
