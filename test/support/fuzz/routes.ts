// Every route of the product with good requests, on an account of its own: what is fuzzed may delete
// that account and its settings, but not those that a good message needs.

import { signBody } from "#libs/providers/authentication/hmac.ts";
import { cloudCredentials, cloudWebhook, PHONE_NUMBER_ID } from "#test/support/cloud-api.ts";
import { parseOpenApi } from "#test/support/openapi-document.ts";
import type { Product } from "#test/support/product.ts";
import { proofOf } from "#test/support/signed-receipts.ts";
import { apiRoutes } from "./api-routes.ts";
import { CHANGED_FLOW, FLOW, UMID } from "./dialect-routes.ts";
import { ACCOUNT, admin, type Bare, headersOf, json } from "./fuzz-account.ts";
import type { Route } from "./odd-requests.ts";

/** Makes the account, with a key, and lists the routes. */
export async function makeRoutes({ places, process }: Product): Promise<Route[]> {
  const { apiUrl, simulatorUrl, receiptUrl } = places;
  const guid = "f".repeat(32);
  await put(`${apiUrl}/ft/v1/accounts/${ACCOUNT}`, { name: "Fuzz", guid });
  await put(`${apiUrl}/ft/v1/accounts/${ACCOUNT}/channels/sms`, { senders: ["FUZZ"] });
  await makeFlows(`${apiUrl}/ft/v1/accounts/${ACCOUNT}`);
  const key = await makeKey(apiUrl);
  const cloudReceipts = await connectMeta(apiUrl);
  const document = parseOpenApi(await (await fetch(`${apiUrl}/ft/v1/openapi.json`)).json());
  return [
    ...apiRoutes(document, { apiUrl, key, guid }),
    ...receipts.map((route) => ({
      ...route,
      origin: receiptUrl,
      headers: json,
      prove: (body: Buffer) => proofOf(body),
    })),
    {
      ...cloudReceipts,
      origin: receiptUrl,
      headers: json,
      prove: (body: Buffer) => ({
        "x-hub-signature-256": signBody(Buffer.from(cloudCredentials.appSecret), body),
      }),
    },
    ...carriers.map((route) => ({ ...route, origin: simulatorUrl, headers: json })),
    ...health.map((route) => ({
      ...route,
      origin: `http://127.0.0.1:${process.metricsPort}`,
      headers: {},
    })),
  ].map((route) => ({ name: `${route.method} ${route.target}`, ...route }));
}

const receipt = {
  receiptId: "r1",
  id: UMID,
  reference: "fuzz-0:0",
  status: "delivered",
  at: 1_790_000_000_000,
};
const receipts: Bare[] = [
  { method: "POST", target: "/receipts/simulated-sms", bodies: [receipt, [receipt]] },
];

/** An account of its own, whose connection nobody fuzzes. It sends nothing, and hears of everything. */
async function connectMeta(apiUrl: string): Promise<Bare & Pick<Route, "name">> {
  const account = `${apiUrl}/ft/v1/accounts/${ACCOUNT}-meta`;
  await put(account, { name: "Receipts" });
  const options = { phoneNumberId: PHONE_NUMBER_ID };
  const connection = { provider: "whatsapp-cloud", enabled: false, options };
  const answer = await put(`${account}/connections/meta`, {
    ...connection,
    credentials: cloudCredentials,
  });
  const { receiptsPath } = Object(await answer.json());
  const body: object = JSON.parse(cloudWebhook("wamid.fuzz", { status: "delivered" }));
  // Its path is another one in every run; a seed is replayed by the route's name.
  const name = "POST /receipts/whatsapp-cloud";
  return { name, method: "POST", target: String(receiptsPath), bodies: [body] };
}

const call = { recipient: "+6599990000", text: "Hello", commandId: "fuzz-0:0" };
const carriers: Bare[] = [
  { method: "POST", target: "/carriers/sms/messages", bodies: [call] },
  { method: "GET", target: "/sent?recipient=%2B6599990000", bodies: [] },
];

const health: Bare[] = ["/healthz", "/readyz", "/metrics"].map((target) => {
  return { method: "GET", target, bodies: [] };
});

async function put(url: string, body: object): Promise<Response> {
  const response = await fetch(url, {
    method: "PUT",
    headers: headersOf(admin),
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`PUT ${url}: ${await response.text()}`);
  return response;
}

/** Published flows that an invocation of Kaleyra's can name. */
async function makeFlows(account: string): Promise<void> {
  await put(`${account}/sms-templates/order`, { text: "Order {{order}} is on its way." });
  const step = { channel: "sms", sender: "FUZZ", template: "order", waitSeconds: 60 };
  for (const flow of [FLOW, CHANGED_FLOW]) {
    await put(`${account}/flows/${flow}`, { steps: [step] });
    const response = await fetch(`${account}/flows/${flow}/publish`, {
      method: "POST",
      headers: { authorization: `Bearer ${admin}`, "if-match": "*" },
    });
    if (!response.ok) throw new Error(`The flow is not published: ${await response.text()}`);
  }
}

async function makeKey(apiUrl: string): Promise<string> {
  const response = await fetch(`${apiUrl}/ft/v1/accounts/${ACCOUNT}/api-keys`, {
    method: "POST",
    headers: headersOf(admin),
    body: JSON.stringify({ scopes: ["send", "read"], label: "fuzz" }),
  });
  const { key } = Object(await response.json());
  return String(key);
}
