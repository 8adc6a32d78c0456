// Whether Twilio has a message: `GET /2010-04-01/Accounts/{sid}/Messages.json`, its list by recipient.
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import type { LookUpAnswer } from "../provider-adapter.ts";
import { segmentCountOfTwilio } from "./answer.ts";

/** The most that Twilio gives: what stands on another page is not looked for. */
const PAGE_SIZE = 1_000;

const text = Type.Union([Type.String(), Type.Null()]);
const Listed = Type.Object({
  sid: Type.String({ minLength: 1 }),
  direction: Type.String(),
  to: text,
  from: text,
  messaging_service_sid: Type.Optional(text),
  body: text,
  date_created: text,
  num_segments: Type.Optional(text),
});
const List = Type.Object({ messages: Type.Array(Listed), next_page_uri: Type.Optional(text) });
type Message = Static<typeof Listed>;

/**
 * The query for what `form` may have made; undefined for what a list cannot tell apart: it shows neither
 * a template nor the address of a medium. Not by `DateSent`: what is queued has none yet.
 */
export function listQuery(form: URLSearchParams): string | undefined {
  if (!form.has("Body") || form.has("MediaUrl")) return undefined;
  const from = form.get("From");
  const query = new URLSearchParams({
    To: form.get("To") ?? "",
    // A service picks one of its senders.
    ...(from !== null && { From: from }),
    PageSize: `${PAGE_SIZE}`,
  });
  return query.toString();
}

type Sought = { form: URLSearchParams; since: number; ownCount: number | null };

/** Which message of Twilio's list the form has made, created at `since` (epoch ms) or later. */
export function findInList(list: unknown, { form, since, ownCount }: Sought): LookUpAnswer {
  if (!Value.Check(List, list) || list.next_page_uri) return { type: "no-answer" };
  const [first, ...others] = list.messages.filter(
    (message) => isOfForm(message, form) && Date.parse(message.date_created ?? "") >= since,
  );
  if (!first) return { type: "not-found" };
  if (others.length > 0) return { type: "several" };
  const segmentCount = segmentCountOfTwilio(first.num_segments, ownCount);
  return { type: "found", providerMessageId: first.sid, segmentCount };
}

function isOfForm(message: Message, form: URLSearchParams): boolean {
  const service = form.get("MessagingServiceSid");
  const isOfSender =
    service === null
      ? isSame(message.from, form.get("From"))
      : message.messaging_service_sid === service;
  return (
    message.direction.startsWith("outbound") &&
    isOfSender &&
    isSame(message.to, form.get("To")) &&
    message.body === form.get("Body")
  );
}

/** Twilio writes the prefix of a channel in either case. */
function isSame(one: string | null, other: string | null): boolean {
  return one?.toLowerCase() === other?.toLowerCase();
}
