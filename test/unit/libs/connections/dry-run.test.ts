// A connection that is tried calls nobody, and shows everything but what is secret.
import { expect, it } from "vitest";
import { dryCall, dryReceipt } from "#libs/connections/dry-run.ts";
import { Recorder } from "#libs/connections/recorder.ts";
import { connectedProviders } from "#libs/providers/providers.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { cloudCredentials, cloudWebhook, PHONE_NUMBER_ID } from "#test/support/cloud-api.ts";
import { commandFor } from "#test/support/dispatch-command.ts";
import { gatewayCredentials, gatewayOptions } from "#test/support/gateway-options.ts";
import { noProviders } from "#test/support/no-providers.ts";

const log = createLog("api", "fatal");
const accountSid = `AC${"0".repeat(32)}`;
const bridgeUrl = "https://hooks.example";
const known = {
  "whatsapp-cloud": { options: { phoneNumberId: PHONE_NUMBER_ID }, credentials: cloudCredentials },
  twilio: {
    options: { accountSid, bridgeUrl },
    credentials: {
      apiKeySid: `SK${"1".repeat(32)}`,
      apiKeySecret: "hidden-1",
      authToken: "hidden-2",
    },
  },
  infobip: {
    options: { address: "https://x.api.infobip.com", bridgeUrl },
    credentials: { apiKey: "hidden-3", webhookUser: "us", webhookPassword: "hidden-4" },
  },
  "generic-http": {
    options: gatewayOptions("https://gw.example"),
    credentials: gatewayCredentials,
  },
};

function opened(name: keyof typeof known, more: object = {}) {
  const { options, credentials } = known[name];
  const access = connectedProviders
    .get(name)!
    .open({ options: { ...options, ...more }, credentials });
  const reporting = { provider: `${name}.0123`, receiptsPath: `/receipts/${name}/0123` };
  return { access: access!, reporting, secrets: Object.values(credentials), log };
}

const command = commandFor({ channel: "sms", recipient: "+6599990000", messageId: "m" });
const nothing = { status: 200, headers: {}, body: "" };

it.each([
  ["whatsapp-cloud", "whatsapp", /^https:\/\/graph\.facebook\.com\/v25\.0\/\d+\/messages$/],
  ["twilio", "sms", /^https:\/\/api\.twilio\.com\/2010-04-01\/Accounts\/AC0+\/Messages\.json$/],
  ["infobip", "sms", /^https:\/\/x\.api\.infobip\.com\/sms\/3\/messages$/],
  ["generic-http", "sms", /^https:\/\/gw\.example\/v1\/send$/],
] as const)("shows what %s would be asked, without its secrets", async (name, channel, url) => {
  const connection = opened(name);
  const { requests } = await dryCall(connection, { ...command, channel }, nothing);
  expect(requests).toHaveLength(1);
  const [request] = requests;
  expect(request).toMatchObject({ method: "POST", url: expect.stringMatching(url) });
  expect(request!.body).toContain("hello");
  const shown = JSON.stringify(requests);
  for (const secret of connection.secrets.filter((each) => each.length > 2)) {
    expect(shown).not.toContain(secret);
  }
  expect(shown).toContain("***");
});

it("masks a secret however it is written, and in what is told of the answer", async () => {
  const credentials = { ...gatewayCredentials, apiKey: 'a"b&c' };
  const request = {
    url: "https://gw.example/?k={secrets.apiKey}",
    headers: { "x-k": "{secrets.apiKey}" },
    body: { json: { k: "{secrets.apiKey}" } },
  };
  const options = gatewayOptions("https://gw.example", { request });
  const access = connectedProviders.get("generic-http")!.open({ options, credentials })!;
  const connection = {
    access,
    reporting: { provider: "generic-http.0", receiptsPath: "/receipts/generic-http/0" },
    secrets: Object.values(credentials),
    log,
  };
  const body = JSON.stringify({ error: { code: 9, message: 'Unknown key a"b&c' } });
  const { requests, answer } = await dryCall(connection, command, {
    status: 400,
    headers: {},
    body,
  });
  expect(requests).toEqual([
    {
      method: "POST",
      url: "https://gw.example/?k=***",
      headers: { "content-type": "application/json", "x-k": "***" },
      body: '{"k":"***"}',
    },
  ]);
  expect(answer).toMatchObject({ type: "refused", code: "9", text: "Unknown key ***" });
});

it("shows the call for an access token and the one behind it", async () => {
  const oauth2 = {
    url: "https://id.example/token",
    clientId: "us",
    clientSecret: "{secrets.apiKey}",
    credentialsIn: "body",
  };
  const { requests } = await dryCall(
    opened("generic-http", { auth: { oauth2 } }),
    command,
    nothing,
  );
  expect(requests).toMatchObject([
    {
      url: "https://id.example/token",
      body: "grant_type=client_credentials&client_id=us&client_secret=***",
    },
    { url: "https://gw.example/v1/send", headers: { authorization: "Bearer ***" } },
  ]);
});

it("tells what an answer means to the dispatcher, and why nothing is called", async () => {
  const connection = opened("generic-http");
  const body = JSON.stringify({ messages: [{ id: "g1" }] });
  const { answer } = await dryCall(connection, command, { status: 202, headers: {}, body });
  expect(answer).toMatchObject({ type: "accepted", providerMessageId: "g1" });
  const nobody = commandFor({ channel: "sms", recipient: "" });
  expect(await dryCall(connection, nobody, nothing)).toMatchObject({
    requests: [],
    answer: { type: "refused", code: "no-address" },
  });
  const odd = { status: 200, headers: {}, body: "x".repeat(100_000) };
  expect(await dryCall(connection, command, odd)).toMatchObject({ answer: { type: "unknown" } });
});

it("tells what a receipt means to the receipt-bridge, believed or not", async () => {
  const connection = opened("generic-http");
  const body = Buffer.from(JSON.stringify({ results: [{ id: "g1", state: "DELIVRD" }, {}] }));
  const post = { headers: {}, body, peerAddress: "" };
  expect(await dryReceipt(connection, post, 1)).toMatchObject({
    isProven: false,
    reports: [{ providerMessageId: "g1", status: "DELIVERED" }],
    oddities: [expect.stringContaining("Receipt 2 of 2")],
  });
  const headers = { "x-token": gatewayCredentials.receiptToken };
  expect(await dryReceipt(connection, { ...post, headers }, 1)).toMatchObject({ isProven: true });
  const meta = { ...post, body: Buffer.from(cloudWebhook("wamid.1", { status: "read" })) };
  expect(await dryReceipt(opened("whatsapp-cloud"), meta, 1)).toMatchObject({
    isProven: false,
    reports: [{ providerMessageId: "wamid.1", status: "READ" }],
  });
});

/** What a connection says of itself after its provider has answered so. */
async function probed(name: keyof typeof known, status: number, body: unknown) {
  const agent = new Recorder({ status, headers: {}, body: JSON.stringify(body) });
  const result = await opened(name).access.probe?.({ ...noProviders.calling, agent });
  return { ...result, calls: agent.calls };
}

it("asks Meta, Twilio and Infobip whether they know the connection", async () => {
  const meta = {
    id: PHONE_NUMBER_ID,
    display_phone_number: "+1 555 078 3881",
    verified_name: "ACME",
  };
  expect(await probed("whatsapp-cloud", 200, meta)).toMatchObject({
    state: "works",
    words: "Meta knows +1 555 078 3881 as ACME.",
    calls: [{ method: "GET", body: "" }],
  });
  const error = { code: 190, message: "Invalid OAuth access token." };
  expect(await probed("whatsapp-cloud", 401, { error })).toMatchObject({
    state: "refused",
    words: "The provider answered HTTP 401: Invalid OAuth access token.",
  });
  const twilio = { friendly_name: "ACME", status: "active", type: "Trial" };
  expect(await probed("twilio", 200, twilio)).toMatchObject({
    state: "works",
    words: "Twilio knows the account ACME: Trial, active.",
  });
  expect(await probed("twilio", 401, { code: 20003, message: "Authenticate" })).toMatchObject({
    state: "refused",
    words: "The provider answered HTTP 401: Authenticate.",
  });
  expect(await probed("infobip", 200, { balance: 4.2, currency: "EUR" })).toMatchObject({
    state: "works",
    words: "Infobip knows the account; its balance is 4.2 EUR.",
  });
  const serviceException = { messageId: "UNAUTHORIZED", text: "Invalid login details" };
  expect(await probed("infobip", 401, { requestError: { serviceException } })).toMatchObject({
    state: "refused",
    words: "The provider answered HTTP 401: Invalid login details.",
  });
});

it("takes no page and no fault of a provider's for a word on the connection", async () => {
  for (const [status, body] of [
    [200, "<html>"],
    [403, {}],
    [429, {}],
    [503, {}],
  ] as const) {
    expect(await probed("twilio", status, body)).toMatchObject({ state: "unclear" });
  }
  expect(await probed("generic-http", 200, {})).toEqual({ calls: [] });
});
