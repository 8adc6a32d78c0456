// Vonage's own clients for Node and Python, as they are published, with another host and other
// credentials: what they send is sent, what is refused they throw as their own error, and their receiver
// gets the statuses of each message. The client for Python asks by TLS alone, which stands in front.
import { createHash, randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verifySignature } from "@vonage/jwt";
import { Vonage } from "@vonage/server-sdk";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { messageIdOf } from "#libs/dialects/vonage/message-uuids.ts";
import { apiCaller } from "#test/support/api-caller.ts";
import { notOvertaken } from "#test/support/not-overtaken.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { type Python, pythonSdks } from "#test/support/python-sdk.ts";
import { startTlsFront } from "#test/support/tls-front.ts";
import { newApplication } from "#test/support/vonage-application.ts";
import { type Receiver, startReceiver } from "#test/support/webhook-receiver.ts";

const WITHIN = { timeout: 30_000, interval: 50 };
/** The digits say what each channel does: RCS, WhatsApp, Viber, SMS. */
const [READ, REFUSED, SILENT, UNDELIVERED, VIBER_REFUSED, SMS_REFUSED] = [
  "6599990000",
  "6599990300",
  "6599990200",
  "6599990500",
  "6599990030",
  "6599990003",
];
const sms = {
  messageType: "text",
  channel: "sms",
  from: "FALLTHRU",
  text: "Hello by SMS",
} as const;
const whatsapp = { ...sms, channel: "whatsapp", text: "Hello by WhatsApp" } as const;

const opened = new AsyncDisposableStack();
let product: Product;
let endpoint: Receiver;
let secret: string;
let python: Python | undefined;

beforeAll(async () => {
  const installed = pythonSdks();
  endpoint = opened.use(await startReceiver());
  const env = { WEBHOOK_ALLOW_PRIVATE: "true" };
  product = opened.use(await startProduct({ timeScale: 0.02, env }));
  ({ secret } = await configure("PUT", "webhooks/vonage", { url: endpoint.url, format: "vonage" }));
  python = await installed;
});
afterAll(() => opened.disposeAsync());

const callApi = apiCaller(() => product.places.apiUrl);

async function configure(method: string, path: string, body: object) {
  const answer = await callApi(method, `/ft/v1/accounts/demo/${path}`, { body });
  expect(answer.status).toBe(201);
  return answer.body;
}

const basic = { apiKey: "demo", apiSecret: "demo-key" };

function client(credentials: ConstructorParameters<typeof Vonage>[0] = basic) {
  return new Vonage(credentials, { apiHost: product.places.apiUrl }).messages;
}

type Sent = Parameters<ReturnType<typeof client>["send"]>[0];

async function send(message: Sent, messages = client()): Promise<string> {
  const { messageUUID } = await messages.send(message);
  return messageUUID;
}

/** Its types ask for a typing indicator too, which its code does without. */
const update = (uuid: string, status: "revoked" | "read"): Promise<boolean> =>
  Reflect.apply(Object(client()).updateMessage, client(), [uuid, status]);

const callsOf = async (uuid: string) =>
  (await product.callsOf(messageIdOf(uuid))).map(({ channel, text }) => `${channel}: ${text}`);

/** What the receiver was told of the messages of a failover, in order. */
function told(uuid: string) {
  const all = endpoint.received.map(({ body }) => JSON.parse(body));
  return all.filter(({ message_uuid }) => messageIdOf(message_uuid) === messageIdOf(uuid));
}

const statusesOf = (uuid: string) =>
  told(uuid).map(({ channel, status }) => `${channel} ${status}`);

/** The error that the client throws of its own, with what it has read of the answer. */
async function refusalOf(call: Promise<unknown>) {
  const error = Object(await call.catch((thrown: unknown) => thrown));
  expect(error.constructor.name).toBe("VetchError");
  return { status: error.response.status, ...Object(await error.response.json()) };
}

describe("Vonage's client for Node", () => {
  it("sends a text with key and secret, and hears that it was read", async () => {
    const uuid = await send({ ...whatsapp, to: READ, clientRef: "c-1" });
    await vi.waitFor(() => expect(statusesOf(uuid).at(-1)).toBe("whatsapp read"), WITHIN);
    expect(await callsOf(uuid)).toEqual(["whatsapp: Hello by WhatsApp"]);
    const ladder = ["whatsapp submitted", "whatsapp delivered", "whatsapp read"];
    expect(statusesOf(uuid)).toEqual(notOvertaken(ladder, statusesOf(uuid)));
    expect(told(uuid).at(-1)).toEqual({
      message_uuid: uuid,
      to: READ,
      from: "FALLTHRU",
      timestamp: expect.stringMatching(/Z$/),
      channel: "whatsapp",
      status: "read",
      client_ref: "c-1",
    });
  });

  it("is told statuses that its own check of signatures takes, by the webhook's secret alone", async () => {
    const uuid = await send({ ...sms, to: READ });
    await vi.waitFor(() => expect(statusesOf(uuid)).toContain("sms delivered"), WITHIN);
    const { headers, body } = endpoint.received.find((each) => each.body.includes(uuid))!;
    const token = String(headers.authorization).replace(/^Bearer /, "");
    expect([verifySignature(token, secret), verifySignature(token, "another")]).toEqual([
      true,
      false,
    ]);
    expect(JSON.parse(atob(token.split(".")[1] ?? ""))).toMatchObject({
      iss: "Vonage",
      api_key: "demo",
      payload_hash: createHash("sha256").update(body).digest("hex"),
    });
  });

  it("sends with the token of an application, whose public key is registered", async () => {
    const { privateKey, publicKey } = newApplication();
    const { id } = await configure("POST", "api-keys", { scopes: ["send"], publicKey });
    const uuid = await send({ ...sms, to: READ }, client({ applicationId: id, privateKey }));
    await vi.waitFor(() => expect(statusesOf(uuid)).toContain("sms delivered"), WITHIN);
    const again = client({ applicationId: id, privateKey, jwtOptions: { jti: randomUUID() } });
    await send({ ...sms, to: READ }, again);
    expect(await refusalOf(send({ ...sms, to: READ }, again))).toMatchObject({ status: 401 });
  });

  it("fails over to the SMS where WhatsApp rejects, each message with a UUID of its own", async () => {
    const uuid = await send({ ...whatsapp, to: REFUSED, failover: [{ ...sms, to: REFUSED }] });
    await vi.waitFor(() => expect(statusesOf(uuid)).toContain("sms delivered"), WITHIN);
    expect((await callsOf(uuid)).at(-1)).toBe("sms: Hello by SMS");
    const [rejected, ...others] = told(uuid);
    expect(rejected).toMatchObject({
      message_uuid: uuid,
      status: "rejected",
      error: { type: expect.stringContaining("#1300"), instance: expect.any(String) },
      workflow: { items_number: "1", items_total: "2" },
    });
    const second = { ...rejected.workflow, items_number: "2" };
    expect(others.map(({ workflow }) => workflow)).toEqual(others.map(() => second));
    expect(new Set(told(uuid).map(({ message_uuid }) => message_uuid)).size).toBe(2);
    expect(others[0]).toMatchObject({ sms: { count_total: "1" } });
  });

  it("fails over to a second phone by SMS, told where that message wants it and by its own reference", async () => {
    await using own = await startReceiver();
    const second = { ...sms, to: READ, clientRef: "second", webhookUrl: own.url };
    const first = { ...sms, to: SMS_REFUSED, clientRef: "first" };
    const uuid = await send({ ...first, failover: [second, { ...second, to: SILENT }] });
    const ofOwn = () => own.received.map(({ body }) => JSON.parse(body));
    const statuses = () => ofOwn().map(({ status }) => status);
    await vi.waitFor(() => expect(statuses()).toContain("delivered"), WITHIN);
    expect((await product.callsOf(messageIdOf(uuid))).map((each) => each.recipient)).toEqual([
      `+${SMS_REFUSED}`,
      `+${READ}`,
    ]);
    expect(told(uuid)).toMatchObject([
      { status: "rejected", to: SMS_REFUSED, client_ref: "first" },
    ]);
    for (const each of ofOwn()) expect(each).toMatchObject({ to: READ, client_ref: "second" });
  });

  it("fails over to the SMS where the receipt says that it failed", async () => {
    const uuid = await send({
      ...whatsapp,
      to: UNDELIVERED,
      failover: [{ ...sms, to: UNDELIVERED }],
    });
    await vi.waitFor(() => expect(statusesOf(uuid)).toContain("sms delivered"), WITHIN);
    expect(statusesOf(uuid)).toContain("whatsapp rejected");
  });

  it("fails over when the TTL of a silent message is over", async () => {
    const failover = [{ ...sms, to: SILENT }];
    const uuid = await send({ ...whatsapp, to: SILENT, ttl: 60, failover });
    await vi.waitFor(() => expect(statusesOf(uuid)).toContain("sms delivered"), WITHIN);
    const rejected = told(uuid).find(({ status }) => status === "rejected");
    expect(rejected.error.type).toMatch(/#1360$/);
  });

  it("waits for a silent message without a TTL, and revokes it: nothing follows", async () => {
    const uuid = await send({ ...whatsapp, to: SILENT, failover: [{ ...sms, to: SILENT }] });
    await vi.waitFor(() => expect(statusesOf(uuid)).toEqual(["whatsapp submitted"]), WITHIN);
    expect(await update(uuid, "revoked")).toBe(true);
    expect(await update(uuid, "revoked")).toBe(true);
    const { status, story } = Object(await product.read(messageIdOf(uuid)));
    expect(JSON.stringify(status ?? story)).toMatch(/cancel/i);
    expect(await callsOf(uuid)).toEqual(["whatsapp: Hello by WhatsApp"]);
  });

  it.each<[string, object, string, string]>([
    ["a channel that is not served", { ...sms, channel: "mms" }, "1400", ""],
    ["a foreign sender", { ...whatsapp, from: "SOMEBODY" }, "1420", "from"],
    ["no number", { ...sms, to: "12" }, "1430", "to"],
  ])("throws %s as its own error", async (_, message, code, name) => {
    const refusal = await refusalOf(send({ ...sms, to: READ, ...message }));
    expect(refusal).toMatchObject({
      status: 422,
      type: `https://developer.vonage.com/api-errors/messages#${code}`,
    });
    expect(refusal.invalid_parameters?.[0]?.name ?? "").toBe(name);
  });

  it("throws wrong credentials, and updates that cannot be, as its own error", async () => {
    const wrong = client({ ...basic, apiSecret: "wrong" });
    expect(await refusalOf(send({ ...sms, to: READ }, wrong))).toMatchObject({ status: 401 });
    const unknown = update(randomUUID(), "revoked");
    expect(await refusalOf(unknown)).toMatchObject({ status: 404 });
    const uuid = await send({ ...sms, to: READ });
    await vi.waitFor(() => expect(statusesOf(uuid)).toContain("sms delivered"), WITHIN);
    const late = update(uuid, "revoked");
    expect(await refusalOf(late)).toMatchObject({ status: 422, title: "Invalid params" });
    const read = update(uuid, "read");
    expect(await refusalOf(read)).toMatchObject({ status: 422 });
  });
});

it("takes what Python's client sends with key and token, which raises what is refused as its own error", async ({
  skip,
}) => {
  if (python === undefined) return skip("There is no Python with Vonage's client.");
  await using front = await startTlsFront(Number(new URL(product.places.apiUrl).port));
  const folder = await mkdtemp(join(tmpdir(), "vonage-"));
  const bundle = join(folder, "ca.pem");
  await writeFile(bundle, front.ca);
  const { privateKey, publicKey } = newApplication();
  const { id } = await configure("POST", "api-keys", { scopes: ["send"], publicKey });
  const viber = { channel: "viber_service", from_: "FALLTHRU", text: "Hello by Viber" };
  const text = { channel: "sms", from_: "FALLTHRU", text: "Hello by SMS" };
  const [both, byToken, wrong, foreign] = Object(
    await python.run(
      "vonage_messages_client.py",
      {
        host: `127.0.0.1:${front.port}`,
        credentials: {
          key: { api_key: "demo", api_secret: "demo-key" },
          token: { application_id: id, private_key: privateKey },
          wrong: { api_key: "demo", api_secret: "wrong" },
        },
        calls: [
          ["key", { ...viber, to: VIBER_REFUSED }, [{ ...text, to: VIBER_REFUSED }]],
          ["token", { ...text, to: READ }, []],
          ["wrong", { ...text, to: READ }, []],
          ["key", { ...text, to: READ, from_: "SOMEBODY" }, []],
        ],
      },
      { REQUESTS_CA_BUNDLE: bundle },
    ),
  );
  await rm(folder, { recursive: true });
  expect([both, byToken]).toEqual([{ uuid: expect.any(String) }, { uuid: expect.any(String) }]);
  await vi.waitFor(() => expect(statusesOf(both.uuid)).toContain("sms delivered"), WITHIN);
  await vi.waitFor(() => expect(statusesOf(byToken.uuid)).toContain("sms delivered"), WITHIN);
  expect(wrong).toMatchObject({ error: "AuthenticationError", status: 401 });
  expect(foreign).toMatchObject({ error: "HttpRequestError", status: 422 });
  expect(foreign.body.invalid_parameters).toMatchObject([{ name: "from" }]);
});
