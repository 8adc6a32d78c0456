import type { Content, SmsEncoding } from "#libs/contracts/generated/types.ts";

export type SmsContent = Pick<Content, "text" | "fallbackText" | "sms">;
export type ContentSms = {
  /** The member of the content that an SMS takes its text from. */
  member: "text" | "fallbackText";
  text: string | null;
  encoding: SmsEncoding;
};

/** What of a message's content goes by SMS, in the alphabet asked for; text null: it has none. */
export function contentSms({ text, fallbackText, sms }: SmsContent): ContentSms {
  const encoding = sms?.encoding ?? "AUTO";
  return fallbackText === null
    ? { member: "text", text, encoding }
    : { member: "fallbackText", text: fallbackText, encoding };
}
