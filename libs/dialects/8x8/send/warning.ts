// What 8x8's answer has no room for: advice on a message that was accepted all the same.
import type { RequestWarning } from "#libs/judgement/warnings.ts";

export type Warning = {
  code: "sms-without-text" | RequestWarning["code"];
  path: string;
  detail: string;
};
