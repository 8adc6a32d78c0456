// Stands in for Twilio's messages on loopback: takes them, lists them by recipient and sender, and loses
// answers.
import type { ServerResponse } from "node:http";
import { type Received, startReceiver } from "#test/support/webhook-receiver.ts";

export type TwilioApi = AsyncDisposable & {
  /** What a connection's `address` says. */
  address: string;
  /** What was taken, as the list shows it; the newest first. */
  messages: Record<string, string | null>[];
  /** The forms of all calls. */
  calls: Record<string, string>[];
  /** The queries of all look-ups. */
  lookUps: Record<string, string>[];
  /**
   * What becomes of the next calls, the last word for ever: `taken` and then cut, `kept` waiting for its
   * answer, or `cut` before anything is taken.
   */
  next: ("answered" | "taken" | "kept" | "cut")[];
  /** What is done when the list is asked for; absent: it is answered. */
  onLookUp?: () => "cut" | "silence";
};

export const accountSid = `AC${"0".repeat(32)}`;
export const twilioCredentials = {
  apiKeySid: `SK${"0".repeat(32)}`,
  apiKeySecret: "secret",
  authToken: "token",
};

/** Answers every call unless told otherwise. */
export async function startTwilio(): Promise<TwilioApi> {
  const receiver = await startReceiver();
  const api: TwilioApi = {
    address: new URL(receiver.url).origin,
    messages: [],
    calls: [],
    lookUps: [],
    next: ["answered"],
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  };
  receiver.answer = (request) => (request.method === "GET" ? list(request) : take(request));
  return api;

  function take({ body }: Received) {
    const form = Object.fromEntries(new URLSearchParams(body));
    api.calls.push(form);
    const word = api.next.length > 1 ? api.next.shift() : api.next[0];
    const message = word === "cut" ? undefined : messageOf(form);
    if (message) api.messages.unshift(message);
    if (word === "kept") return () => undefined;
    return answer(word === "answered" ? { status: 201, body: message } : null);
  }

  function list({ path }: Received) {
    const query = Object.fromEntries(new URL(path, api.address).searchParams);
    api.lookUps.push(query);
    const fault = api.onLookUp?.();
    if (fault === "silence") return () => undefined;
    const { To, From } = query;
    const messages = api.messages.filter(
      ({ to, from }) => to === To && (From === undefined || from === From),
    );
    return answer(
      fault === "cut" ? null : { status: 200, body: { messages, next_page_uri: null } },
    );
  }
}

function answer(said: { status: number; body: unknown } | null) {
  return (response: ServerResponse) => {
    if (!said) return void response.destroy();
    response.writeHead(said.status, { "content-type": "application/json" });
    response.end(JSON.stringify(said.body));
  };
}

/** As Twilio lists what it has just queued: `date_created` in whole seconds, and no `date_sent`. */
function messageOf(form: Record<string, string>) {
  return {
    sid: `SM${crypto.randomUUID().replaceAll("-", "")}`,
    direction: "outbound-api",
    to: form["To"] ?? null,
    from: form["From"] ?? null,
    messaging_service_sid: form["MessagingServiceSid"] ?? null,
    body: form["Body"] ?? null,
    date_created: new Date().toUTCString().replace("GMT", "+0000"),
    date_sent: null,
    num_segments: "1",
    status: "queued",
  };
}
