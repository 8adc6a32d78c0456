// Every route of the product with good requests, on an account of its own: what is fuzzed may delete
// that account and its settings, but not those that a good message needs.
import { parseOpenApi } from "#test/support/openapi-document.ts";
import type { Product } from "#test/support/product.ts";
import { apiRoutes } from "./api-routes.ts";
import { bridgeRoutes, receivings } from "./bridge-routes.ts";
import { carrierRoutes } from "./carrier-routes.ts";
import { CHANGED_FLOW, FLOW } from "./dialect-routes.ts";
import { ACCOUNT, admin, type Bare, headersOf } from "./fuzz-account.ts";
import type { Route } from "./odd-requests.ts";

/** Makes the account, with a key, and lists the routes. */
export async function makeRoutes({ places, process }: Product): Promise<Route[]> {
  const { apiUrl, simulatorUrl, receiptUrl } = places;
  const guid = "f".repeat(32);
  await put(`${apiUrl}/ft/v1/accounts/${ACCOUNT}`, { name: "Fuzz", guid });
  await put(`${apiUrl}/ft/v1/accounts/${ACCOUNT}/channels/sms`, { senders: ["FUZZ"] });
  await makeFlows(`${apiUrl}/ft/v1/accounts/${ACCOUNT}`);
  const key = await makeKey(apiUrl);
  const paths = await connectAll(apiUrl);
  const document = parseOpenApi(await (await fetch(`${apiUrl}/ft/v1/openapi.json`)).json());
  return [
    ...apiRoutes(document, { apiUrl, key, guid }),
    ...bridgeRoutes(receiptUrl, ({ name }) => paths.get(name) ?? ""),
    ...carrierRoutes(simulatorUrl),
    ...health.map((route) => ({
      ...route,
      origin: `http://127.0.0.1:${process.metricsPort}`,
      headers: {},
    })),
  ].map((route) => ({ name: `${route.method} ${route.target}`, ...route }));
}

/** Those of an account of their own, by name, each with where its receipts go: nobody fuzzes their settings. */
async function connectAll(apiUrl: string): Promise<ReadonlyMap<string, string>> {
  const account = `${apiUrl}/ft/v1/accounts/${ACCOUNT}-meta`;
  await put(account, { name: "Receipts" });
  const paths = new Map<string, string>();
  for (const { name, provider, options, credentials } of receivings) {
    const body = { provider, enabled: false, options, credentials };
    const answer = await put(`${account}/connections/${name}`, body);
    paths.set(name, String(Object(await answer.json()).receiptsPath));
  }
  return paths;
}

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
