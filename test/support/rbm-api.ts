// Stands in for Google's RCS for Business on loopback: takes what Google would take, once for each id,
// and posts signed events.
import { createHmac, createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { listeningPort } from "#test/support/redis-server.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const EMAIL = "agent@project.iam.gserviceaccount.com";

export const AGENT_ID = "acme_agent";
export const rbmCredentials = {
  serviceAccount: JSON.stringify({
    type: "service_account",
    client_email: EMAIL,
    private_key: privateKey,
  }),
  clientToken: "SJENCPGJESMGUFPY",
};

export type RbmMessage = { messageId: string; phone: string; body: Record<string, unknown> };
export type RbmApi = AsyncDisposable & {
  url: string;
  /** Ids of messages that were taken back, as often as they were. */
  revoked: string[];
  /** Phones that have what was sent to them: nothing of it is taken back. */
  delivered: Set<string>;
  /** Each id once. */
  messages: RbmMessage[];
  /** Calls with an id that was there before. */
  repeatCount: number;
  tokenCount: number;
  /** Phones whose capabilities were asked for. */
  asked: string[];
  /** What stands in the place of Google's answer to that; undefined: Google's own. */
  capability: (() => { status: number; body: string } | "silence") | undefined;
  /** True: the next message is taken, and its answer lost. */
  losesNextAnswer: boolean;
  /** Tokens that were given before are good no more. */
  endTokens(): void;
};

/** A number whose last digit is odd has no RCS. */
export async function startRbmApi(): Promise<RbmApi> {
  const server = createServer((request, response) => void take(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${listeningPort(server)}`;
  const tokens = new Set<string>();
  const api: RbmApi = {
    url,
    messages: [],
    revoked: [],
    delivered: new Set(),
    repeatCount: 0,
    tokenCount: 0,
    asked: [],
    capability: undefined,
    losesNextAnswer: false,
    endTokens: () => tokens.clear(),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
  return api;

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const said = await text(request);
    if (request.url === "/token") return giveToken(said, response);
    if (request.method === "GET") return tellCapability(request, response);
    if (request.method === "DELETE") return takeBack(request, said, response);
    const refused = refusalOf(request, said, tokens);
    if (refused) return fail(response, refused);
    const { pathname, searchParams } = new URL(request.url ?? "", url);
    const messageId = searchParams.get("messageId") ?? "";
    const phone = decodeURIComponent(pathname.split("/")[3] ?? "");
    if (api.messages.some((each) => each.messageId === messageId)) api.repeatCount += 1;
    else api.messages.push({ messageId, phone, body: JSON.parse(said) });
    if (api.losesNextAnswer) {
      api.losesNextAnswer = false;
      response.destroy();
      return;
    }
    answer(response, 200, { name: `phones/${phone}/agentMessages/${messageId}` });
  }

  function takeBack(
    { url: path = "", headers }: IncomingMessage,
    said: string,
    response: ServerResponse,
  ): void {
    const { pathname, searchParams } = new URL(path, url);
    const found = /^\/v1\/phones\/([^/]+)\/agentMessages\/([^/]+)$/.exec(pathname);
    const [, phone = "", id = ""] = found ?? [];
    const isToken = tokens.has((headers.authorization ?? "").replace("Bearer ", ""));
    if (!isToken) return fail(response, [401, "UNAUTHENTICATED"]);
    if (searchParams.get("agentId") !== AGENT_ID) return fail(response, [403, "PERMISSION_DENIED"]);
    if (said !== "") return fail(response, [400, "INVALID_ARGUMENT"]);
    const isOpen = api.messages.some(({ messageId }) => messageId === id);
    if (!isOpen || api.delivered.has(decodeURIComponent(phone))) {
      return fail(response, [404, "NOT_FOUND"]);
    }
    api.revoked.push(id);
    answer(response, 200, {});
  }

  function tellCapability(request: IncomingMessage, response: ServerResponse): void {
    const refused = refusalOfQuestion(request, tokens);
    api.asked.push(phoneIn(request.url ?? ""));
    const odd = api.capability?.();
    if (odd === "silence") return;
    if (odd) return void response.writeHead(odd.status).end(odd.body);
    if (refused) return fail(response, refused);
    answer(response, 200, { features: ["RICHCARD_STANDALONE", "ACTION_DIAL"] });
  }

  function giveToken(said: string, response: ServerResponse): void {
    const form = new URLSearchParams(said);
    const isGrant = form.get("grant_type") === "urn:ietf:params:oauth:grant-type:jwt-bearer";
    if (!isGrant || !isAssertion(form.get("assertion") ?? "", `${url}/token`)) {
      return answer(response, 400, { error: "invalid_grant" });
    }
    api.tokenCount += 1;
    const token = `ya29.${api.tokenCount}`;
    tokens.add(token);
    answer(response, 200, { access_token: token, expires_in: 3_599, token_type: "Bearer" });
  }
}

function isAssertion(assertion: string, audience: string): boolean {
  const [head = "", claims = "", signature = ""] = assertion.split(".");
  const key = createPublicKey(publicKey);
  const bytes = Buffer.from(signature, "base64url");
  if (!verify("RSA-SHA256", Buffer.from(`${head}.${claims}`), key, bytes)) return false;
  const { iss, scope, aud, iat, exp } = JSON.parse(Buffer.from(claims, "base64url").toString());
  const isNow = Math.abs(iat * 1_000 - Date.now()) < 60_000 && exp - iat === 3_600;
  const isScope = scope === "https://www.googleapis.com/auth/rcsbusinessmessaging";
  return iss === EMAIL && isScope && aud === audience && isNow;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const MEMBERS = new Set(["contentMessage", "messageTrafficType", "ttl"]);
const CONTENTS = new Set(["text", "richCard", "contentInfo", "suggestions"]);

type Refusal = readonly [number, string];

function refusalOf(
  { url = "", method, headers }: IncomingMessage,
  said: string,
  tokens: Set<string>,
) {
  const { pathname, searchParams } = new URL(url, "http://google");
  if (!tokens.has((headers.authorization ?? "").replace("Bearer ", "")))
    return [401, "UNAUTHENTICATED"] as Refusal;
  const [, phone] = /^\/v1\/phones\/([^/]+)\/agentMessages$/.exec(pathname) ?? [];
  if (method !== "POST" || !phone) return [404, "NOT_FOUND"] as Refusal;
  if (searchParams.get("agentId") !== AGENT_ID) return [403, "PERMISSION_DENIED"] as Refusal;
  if (!UUID.test(searchParams.get("messageId") ?? "")) return [400, "INVALID_ARGUMENT"] as Refusal;
  if (!isMessage(JSON.parse(said))) return [400, "INVALID_ARGUMENT"] as Refusal;
  const isOdd = Number(phone.at(-1)) % 2 === 1;
  return isOdd ? ([404, "NOT_FOUND"] as Refusal) : undefined;
}

function refusalOfQuestion({ url = "", headers }: IncomingMessage, tokens: Set<string>) {
  const { pathname, searchParams } = new URL(url, "http://google");
  if (!tokens.has((headers.authorization ?? "").replace("Bearer ", "")))
    return [401, "UNAUTHENTICATED"] as Refusal;
  const isKnown = /^\/v1\/phones\/[^/]+\/capabilities$/.test(pathname);
  if (!isKnown || searchParams.get("agentId") !== AGENT_ID)
    return [403, "PERMISSION_DENIED"] as Refusal;
  if (!UUID.test(searchParams.get("requestId") ?? "")) return [400, "INVALID_ARGUMENT"] as Refusal;
  const isOdd = Number(phoneIn(url).at(-1)) % 2 === 1;
  return isOdd ? ([404, "NOT_FOUND"] as Refusal) : undefined;
}

function phoneIn(url: string): string {
  return decodeURIComponent(url.split("/")[3] ?? "");
}

type Said = Record<string, unknown> & { ttl?: string };

function isMessage({ contentMessage: content, ttl = "60s", ...rest }: Said): boolean {
  if (Object.keys(rest).some((name) => !MEMBERS.has(name))) return false;
  const names = Object.keys(Object(content));
  const said = names.filter((name) => name !== "suggestions");
  if (said.length !== 1 || names.some((name) => !CONTENTS.has(name))) return false;
  if (String(Object(content).text ?? "").length > 3_072) return false;
  const [, seconds] = /^(\d+)s$/.exec(ttl) ?? [];
  return seconds !== undefined && Number(seconds) > 0 && Number(seconds) <= 15 * 86_400;
}

function fail(response: ServerResponse, [code, status]: Refusal): void {
  answer(response, code, { error: { code, status, message: `Refused: ${status}.` } });
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** An event of a message, as Google posts it. */
export function rbmEvent(messageId: string, eventType: string, more: object = {}): string {
  const event = {
    senderPhoneNumber: "+6599990000",
    agentId: AGENT_ID,
    eventId: `e-${messageId}-${eventType}`,
    sendTime: "2026-11-29T12:00:00.123456789Z",
    messageId,
    eventType,
    ...more,
  };
  const data = Buffer.from(JSON.stringify(event)).toString("base64");
  const message = {
    data,
    attributes: { type: "event" },
    messageId: "1",
    publishTime: event.sendTime,
  };
  return JSON.stringify({ message, subscription: "projects/rbm/subscriptions/acme" });
}

/** By Google's own sample: over the decoded data. */
export function rbmSignature(body: string, clientToken = rbmCredentials.clientToken): string {
  const { data } = JSON.parse(body).message;
  return createHmac("sha512", clientToken).update(Buffer.from(data, "base64")).digest("base64");
}

/** Posts it as Google does; resolves with the status that it was answered with. */
export async function postRbm(url: string, body: string, clientToken?: string): Promise<number> {
  const headers = {
    "content-type": "application/json",
    "x-goog-signature": rbmSignature(body, clientToken),
  };
  return (await fetch(url, { method: "POST", headers, body })).status;
}
