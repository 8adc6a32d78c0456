// `docs/your-first-real-message.md` with what a reader fills in, and with addresses on loopback instead of the
// carriers' own: nothing else of its commands is changed.
import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { vi } from "vitest";
import { freePort } from "#deploy/infrastructure/ports.ts";
import { cloudCredentials, startCloudApi } from "#test/support/cloud-api.ts";
import { nativeCustomer } from "#test/support/native-customer.ts";
import { runPage } from "#test/support/pages.ts";
import type { Places } from "#test/support/places.ts";
import { postAsTwilio } from "#test/support/twilio-callback.ts";
import { startReceiver } from "#test/support/webhook-receiver.ts";

export const FIRST_REAL_MESSAGE = "docs/your-first-real-message.md";
/** What each of its blocks prints. */
export const PRINTED = [
  /"allowed":\["SG"\]/,
  /"provider":"twilio"/,
  /POST http.*Messages\.json[\s\S]*the account Yours: Trial, active/,
  /"\+15005550006"/,
  /accepted by twilio[\s\S]*Succeeded by SMS/,
  /"receiptsPath":"/,
  /[0-9a-f-]{36}/,
  /"provider":"smpp"/,
  /^$/,
];

/** The page's. */
const AUTH_TOKEN = "the-auth-token";
const WITHIN = { timeout: 30_000, interval: 50 };

/** What its blocks printed, and what Meta was called for. The account `demo` is as before, however it ends. */
export async function runFirstRealMessage({ apiUrl, receiptUrl }: Places) {
  await using opened = new AsyncDisposableStack();
  const twilio = opened.use(await startReceiver());
  let reported: Promise<number> | undefined;
  twilio.answer =
    ({ method, body }) =>
    (response) => {
      answerAsTwilio(response);
      if (method === "POST") reported = reportDelivery(body, apiUrl);
    };
  const meta = opened.use(await startCloudApi());
  opened.defer(await rememberDemo(apiUrl));
  const urls = { twilioUrl: new URL(twilio.url).origin, metaUrl: meta.url, receiptUrl };
  const adapt = await withStandIns({ ...urls, smscPort: await freePort() });
  const printed = await runPage(FIRST_REAL_MESSAGE, apiUrl, adapt);
  if ((await reported) !== 200) throw new Error("Twilio's receipt was not taken.");
  await vi.waitUntil(() => meta.calls.length > 0, WITHIN);
  return { printed, sentByMeta: meta.calls };
}

/** Resolves with what takes back all that the page changes. */
async function rememberDemo(apiUrl: string): Promise<() => Promise<void>> {
  const change = (method: string, path: string, body?: object) => {
    const authorization = "Bearer demo-admin-key";
    const headers = { authorization, "content-type": "application/json", "if-match": "*" };
    const url = `${apiUrl}/ft/v1/accounts/demo/${path}`;
    return fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  };
  const { senders } = Object(await (await change("GET", "channels/sms")).json());
  return async () => {
    const made = ["connections/twilio", "connections/meta", "connections/carrier", "limits"];
    for (const each of made) await change("DELETE", each);
    await change("PUT", "channels/sms", { senders });
  };
}

type StandIns = { twilioUrl: string; metaUrl: string; receiptUrl: string; smscPort: number };

/** Rejects for a part that the page no longer has: it would be called at its carrier. */
async function withStandIns({ twilioUrl, metaUrl, receiptUrl, smscPort }: StandIns) {
  const page = await readFile(join(import.meta.dirname, "../..", FIRST_REAL_MESSAGE), "utf8");
  const changes = [
    ['"accountSid":', `"address": "${twilioUrl}", "accountSid":`],
    ['"bridgeUrl": "https://receipts.example.com"', `"bridgeUrl": "${receiptUrl}"`],
    ['"phoneNumberId":', `"address": "${metaUrl}", "phoneNumberId":`],
    ["the-token-of-a-system-user", cloudCredentials.accessToken],
    ["smpps://smsc.example.com:3550", `smpp://127.0.0.1:${smscPort}`],
    ["+65YOURNUMBER", "+6599990000"],
  ] as const;
  for (const [written] of changes) {
    if (!page.includes(written)) throw new Error(`The page has no ${written} any more.`);
  }
  return (block: string): string =>
    changes
      .reduce((code, [written, meant]) => code.replaceAll(written, meant), block)
      .replace(/^(npx fallthrough send .*)\n(.*)THE_ID_THAT_IT_PRINTS/m, COPIED);
}

/** What the first command prints is shown, and the id in it copied into the second one. */
const COPIED = `told=$($1); echo "$told"\n$2$(grep -oE '[0-9a-f-]{36}' <<< "$told" | head -1)`;

const SID = `SM${"a".repeat(32)}`;

/**
 * As Twilio does once the phone has it, which is after its answer was told; without that the page's reader would
 * watch until Ctrl-C.
 */
async function reportDelivery(body: string, apiUrl: string): Promise<number> {
  await vi.waitUntil(() => isTaken(nativeCustomer(apiUrl)), WITHIN);
  const form = new URLSearchParams(body);
  const told = { MessageSid: SID, MessageStatus: "delivered", To: form.get("To") ?? "" };
  return postAsTwilio(form.get("StatusCallback") ?? "", told, AUTH_TOKEN);
}

/** Whether the story of the account's newest message says that Twilio took it. */
async function isTaken(ask: ReturnType<typeof nativeCustomer>): Promise<boolean> {
  const { items: [newest] = [] } = (await ask("/messages?limit=1")).body;
  const { story = [] } = (await ask(`/messages/${newest?.messageId}`)).body;
  return story.some(({ text }) => text.includes("accepted by twilio"));
}

/** As Twilio answers: to a question for the account, or to a message. */
function answerAsTwilio(response: ServerResponse): void {
  const isQuestion = response.req.method === "GET";
  response.writeHead(isQuestion ? 200 : 201, { "content-type": "application/json" });
  const account = { friendly_name: "Yours", status: "active", type: "Trial" };
  const message = { sid: SID, status: "queued", num_segments: "1" };
  response.end(JSON.stringify(isQuestion ? account : message));
}
