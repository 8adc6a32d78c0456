// What 8x8's answer has no room for: advice on a message that was accepted all the same.
import type { RequestWarning } from "#libs/judgement/warnings.ts";

export type Warning = {
  code: "sms-without-text" | RequestWarning["code"];
  path: string;
  detail: string;
};

/** A header of ours, with a JSON array of warnings; absent where there are none. */
export const WARNINGS_HEADER = "fallthrough-warnings";

/** JSON that a header can carry: whatever is no ASCII is escaped. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
