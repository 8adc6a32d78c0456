import type { Content } from "#libs/contracts/generated/types.ts";

/** A text and nothing else. */
export function textContent(text: string): Content {
  return { type: "TEXT", text, richJson: null, fallbackText: null, sms: null };
}
