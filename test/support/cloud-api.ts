// Stands in for Meta's Cloud API on loopback: takes what Meta would take, and posts signed statuses.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { signBody } from "#libs/providers/authentication/hmac.ts";
import { listeningPort } from "#test/support/redis-server.ts";

export const cloudCredentials = {
  accessToken: "EAAJB-token",
  appSecret: "app-secret-of-the-stand-in",
  verifyToken: "a-word-of-ours",
};
export const PHONE_NUMBER_ID = "106540352242922";
export const BUSINESS_ACCOUNT_ID = "102290129340398";

type Answer = { status: number; body: object; headers?: Record<string, string> };
export type CloudCall = { wamid: string; body: { to?: string; recipient?: string; type: string } };

export type CloudApi = AsyncDisposable & {
  url: string;
  calls: CloudCall[];
  /** What the next calls are answered with; undefined takes the message. */
  answer: (call: CloudCall) => Answer | undefined;
  /** What the account's templates are asked for with, and the page that is answered. */
  templates: (query: URLSearchParams) => Answer | string;
};

/** Refuses as Meta does what has no token, or lacks what Meta asks for. */
export async function startCloudApi(): Promise<CloudApi> {
  const server = createServer((request, response) => void take(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const api: CloudApi = {
    url: `http://127.0.0.1:${listeningPort(server)}`,
    calls: [],
    answer: () => undefined,
    templates: () => ({ status: 200, body: { data: [] } }),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
  return api;

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === "GET") return list(request, response);
    const body = Object(await json(request));
    const call = { wamid: `wamid.HBgL${randomUUID()}`, body };
    const refusal = refusalOf(request, body) ?? api.answer(call);
    if (!refusal || refusal.status < 400) api.calls.push(call);
    const { status, body: answer, headers } = refusal ?? accepted(call);
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(answer));
  }

  /** A text stands for what is no JSON. */
  function list({ url = "", headers }: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(url, api.url);
    const isKnown =
      headers.authorization === `Bearer ${cloudCredentials.accessToken}` &&
      pathname === `/v25.0/${BUSINESS_ACCOUNT_ID}/message_templates`;
    const answer = isKnown
      ? api.templates(searchParams)
      : cloudError(190, "Invalid OAuth access token.", 401);
    if (typeof answer === "string") return void response.end(answer);
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(JSON.stringify(answer.body));
  }
}

/** As Meta writes them. */
export function cloudError(code: number, message: string, status = 400): Answer {
  const error = { message, type: "OAuthException", code, fbtrace_id: "Az8or2yhqkZfEZ-_4Qn_Bam" };
  return { status, body: { error } };
}

function refusalOf({ url, headers }: IncomingMessage, body: Record<string, unknown>) {
  if (headers.authorization !== `Bearer ${cloudCredentials.accessToken}`) {
    return cloudError(190, "Invalid OAuth access token.", 401);
  }
  if (url !== `/v25.0/${PHONE_NUMBER_ID}/messages`) {
    return cloudError(100, "Unsupported post request.");
  }
  const { messaging_product: product, to, recipient, type } = body;
  const isWhole =
    product === "whatsapp" && (to ?? recipient) && typeof body[String(type)] === "object";
  return isWhole ? undefined : cloudError(131008, "Required parameter is missing.");
}

function accepted({ wamid, body }: CloudCall): Answer {
  const contacts = [{ input: body.to ?? body.recipient, wa_id: (body.to ?? "").slice(1) }];
  return {
    status: 200,
    body: { messaging_product: "whatsapp", contacts, messages: [{ id: wamid }] },
  };
}

type Told = { status: string; at?: number; errors?: object[]; pricing?: object };

/** The body of a webhook on one message, or on several, as Meta posts it. */
export function cloudWebhook(
  wamids: string | readonly string[],
  { status, at = Date.now(), errors, pricing }: Told,
): string {
  const timestamp = String(Math.floor(at / 1000));
  const statuses = [wamids].flat().map((id) => ({
    id,
    status,
    timestamp,
    recipient_id: "6599990000",
    ...(errors && { errors }),
    ...(pricing && { pricing }),
  }));
  const metadata = { display_phone_number: "15550783881", phone_number_id: PHONE_NUMBER_ID };
  const value = { messaging_product: "whatsapp", metadata, statuses };
  const entry = [{ id: "102290129340398", changes: [{ value, field: "messages" }] }];
  return JSON.stringify({ object: "whatsapp_business_account", entry });
}

/** Posts it as Meta does; resolves with the status that it was answered with. */
export async function postWebhook(
  url: string,
  body: string,
  appSecret = cloudCredentials.appSecret,
): Promise<number> {
  const signature = signBody(Buffer.from(appSecret), Buffer.from(body));
  const headers = { "content-type": "application/json", "x-hub-signature-256": signature };
  return (await fetch(url, { method: "POST", headers, body })).status;
}
