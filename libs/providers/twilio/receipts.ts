// What Twilio posts of one message: a form. Members differ by channel and may be added.
import { type Static, Type } from "typebox";
import type { ReportStatus, StatusReport } from "#libs/contracts/generated/types.ts";
import { blankReport } from "../blank-report.ts";
import type { ParsedReceipts } from "../provider.ts";
import { readEach } from "../read-each.ts";
import { classOfTwilioCode, VALIDITY_OVER } from "./codes.ts";

const STATUS_OF_WORD: ReadonlyMap<string, ReportStatus> = new Map([
  ["accepted", "ACCEPTED"],
  ["queued", "ACCEPTED"],
  ["scheduled", "ACCEPTED"],
  ["sending", "ACCEPTED"],
  ["sent", "SENT"],
  ["delivered", "DELIVERED"],
  ["read", "READ"],
  ["undelivered", "UNDELIVERED"],
  ["failed", "FAILED"],
  ["canceled", "FAILED"],
]);

const Callback = Type.Object({
  MessageSid: Type.String({ minLength: 1 }),
  MessageStatus: Type.String({ minLength: 1 }),
  /** Explains a failure: nothing that is odd about it makes the status unheard. */
  ErrorCode: Type.Optional(Type.String()),
  From: Type.Optional(Type.String()),
  To: Type.Optional(Type.String()),
  ChannelPrefix: Type.Optional(Type.String()),
});
type Callback = Static<typeof Callback>;

type Posted = { provider: string; receivedAt: number };

/** Never rejects: any bytes are some form. */
export function parseTwilioReceipt(body: Buffer, posted: Posted): Promise<ParsedReceipts> {
  const form = Object.fromEntries(new URLSearchParams(body.toString()));
  return readEach([form], Callback, (callback) => reportOf(callback, posted));
}

/** Twilio says not when it happened: it counts as just now. */
function reportOf(callback: Callback, { provider, receivedAt }: Posted): StatusReport {
  const { MessageSid: sid, MessageStatus: word, ErrorCode: given } = callback;
  const errorCode = codeOf(given);
  const channel = channelOf(callback);
  return {
    ...blankReport({ provider, providerMessageId: sid, channel, receivedAt }),
    reportId: `${provider}:${sid}:${word.toLowerCase()}`,
    status: statusOf(word, errorCode),
    errorCode,
    errorClass: errorCode === null ? null : classOfTwilioCode(Number(errorCode)),
  };
}

/** Null where there is none: nothing, or zeros. */
function codeOf(given = ""): string | null {
  const code = given.trim();
  return /^0*$/.test(code) ? null : code;
}

function statusOf(word: string, errorCode: string | null): ReportStatus {
  if (errorCode !== null && Number(errorCode) === VALIDITY_OVER) return "EXPIRED";
  return STATUS_OF_WORD.get(word.toLowerCase()) ?? "UNKNOWN";
}

/** SMS alone has none: `whatsapp:+6599990000`, `rcs:an_agent`, or the prefix as a member of its own. */
function channelOf({ From = "", To = "", ChannelPrefix = "" }: Callback): string {
  const words = [ChannelPrefix, To, From].map((each) => each.toLowerCase());
  const isOf = (channel: string) =>
    words.some((word) => word === channel || word.startsWith(`${channel}:`));
  return ["whatsapp", "rcs"].find(isOf) ?? "sms";
}
