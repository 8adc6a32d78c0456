// Alibaba's own clients for Node and Python, as they are published, with another endpoint and another
// key: what they send is sent, what is refused they throw as their own error, and their receiver gets
// its receipts.
import { randomUUID } from "node:crypto";
import * as cams from "@alicloud/cams20200606";
import { Config } from "@alicloud/openapi-client";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { messageIdsOf } from "#libs/dialects/batch-ids.ts";
import { apiCaller } from "#test/support/api-caller.ts";
import { notOvertaken } from "#test/support/not-overtaken.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { type Python, pythonSdks } from "#test/support/python-sdk.ts";
import { connectUpstream, type Upstream } from "#test/support/upstream.ts";
import { type Receiver, startReceiver } from "#test/support/webhook-receiver.ts";

/** A CommonJS module, whose default Node has one level deeper than vitest. */
const Client: typeof cams.default.default = Object(cams.default).default ?? cams.default;
const WITHIN = { timeout: 30_000, interval: 50 };
/** WhatsApp refuses a number that ends so for good; SMS delivers. */
const REFUSED = "6599990300";
const READ = "6599990000";
/** WhatsApp accepts and says no more. */
const SILENT = "6599990400";
const text = {
  channelType: "whatsapp",
  type: "message",
  messageType: "text",
  content: JSON.stringify({ text: "Hello, it's (me)* & you~ = 100% +1 \u{1f600}" }),
  from: "FALLTHRU",
  to: READ,
};
const fallback = {
  fallBackId: "S_000001",
  fallBackContent: "Hello by SMS",
  fallBackDuration: 60,
  fallBackRule: "undelivered",
};

const opened = new AsyncDisposableStack();
let product: Product;
let upstream: Upstream;
let endpoint: Receiver;
let python: Python | undefined;

beforeAll(async () => {
  const installed = pythonSdks();
  endpoint = opened.use(await startReceiver());
  const env = { WEBHOOK_ALLOW_PRIVATE: "true" };
  product = opened.use(await startProduct({ timeScale: 0.02, env }));
  upstream = opened.use(await connectUpstream(product.places));
  const body = { url: endpoint.url, format: "alibaba" };
  await call("PUT", "/ft/v1/accounts/demo/webhooks/alibaba", { body });
  python = await installed;
});
afterAll(() => opened.disposeAsync());

const call = apiCaller(() => product.places.apiUrl);
const host = () => new URL(product.places.apiUrl).host;

function client(more: object = {}) {
  const config = new Config({
    accessKeyId: "demo",
    accessKeySecret: "demo-secret",
    endpoint: host(),
    protocol: "HTTP",
    ...more,
  });
  return new Client(config);
}

async function send(given: object): Promise<string> {
  const request = new cams.SendChatappMessageRequest({ ...text, ...given });
  const { statusCode, body } = await client().sendChatappMessage(request);
  expect([statusCode, body]).toMatchObject([200, { code: "OK", requestId: expect.any(String) }]);
  return String(body?.messageId);
}

const callsOf = async (messageId: string) =>
  (await product.callsOf(messageId)).map(({ channel, text: said }) => `${channel}: ${said}`);

/** Statuses of the message that the receiver was told, in order. */
function told(messageId: string) {
  const all = endpoint.received.flatMap(({ body }) => JSON.parse(body));
  return all.filter(({ MessageId }) => MessageId === messageId);
}

/** The last call for a message that has come through by SMS. */
async function fellBack(messageId: string) {
  await vi.waitFor(() => expect(told(messageId).at(-1)?.Status).toBe("Delivered"), WITHIN);
  return (await callsOf(messageId)).at(-1);
}

it("sends a text as it was written", async () => {
  const messageId = await send({});
  await vi.waitFor(async () => expect(await callsOf(messageId)).toHaveLength(1), WITHIN);
  expect(await callsOf(messageId)).toEqual([`whatsapp: ${JSON.parse(text.content).text}`]);
  await vi.waitFor(() => expect(told(messageId).at(-1)?.Status).toBe("Read"), WITHIN);
  const statuses = told(messageId).map(({ Status }) => Status);
  expect(statuses).toEqual(notOvertaken(["Sent", "Delivered", "Read"], statuses));
});

it("falls back to the SMS where WhatsApp fails, and tells Meta's code", async () => {
  const messageId = await send({ ...fallback, to: REFUSED, taskId: "task-1" });
  expect(await fellBack(messageId)).toBe("sms: Hello by SMS");
  expect(told(messageId)[0]).toMatchObject({
    From: "FALLTHRU",
    To: REFUSED,
    Timestamp: expect.any(Number),
    Status: "Failed",
    ErrorCode: "131026",
    TaskId: "task-1",
  });
});

it("bills both where the Delivered report comes after the fallback, and says so", async () => {
  const messageId = await send({ ...fallback, to: SILENT });
  expect(await fellBack(messageId)).toBe("sms: Hello by SMS");
  const [whatsapp] = await product.callsOf(messageId);
  const about = { provider: "simulated-whatsapp", channel: "whatsapp" };
  const providerMessageId = whatsapp!.providerMessageId!;
  await upstream.report({ ...about, providerMessageId, status: "DELIVERED" });
  const amended = await product.outcomes.next(messageId, { revision: 2 });
  expect(amended).toMatchObject({
    duplicate: true,
    currency: "EUR",
    extraCost: expect.any(Number),
  });
  expect(amended.attempts).toMatchObject([
    { channel: "whatsapp", status: "DELIVERED", cost: 350 },
    { channel: "sms", status: "DELIVERED", cost: 450 },
  ]);
  await vi.waitFor(() => {
    expect(told(messageId).at(-1)).toMatchObject({ ChannelType: "whatsapp", Status: "Delivered" });
  }, WITHIN);
});

it("sends a template with its variables", async () => {
  const messageId = await send({
    type: "template",
    templateCode: "order_update",
    language: "en",
    templateParams: { name: "James & Co", code: "1+1" },
    messageType: undefined,
    content: undefined,
  });
  await vi.waitFor(() => expect(told(messageId).at(-1)?.Status).toBe("Read"), WITHIN);
  expect(told(messageId)[0]).toMatchObject({
    MsgFrameType: "template",
    TemplateCode: "order_update",
    Language: "en",
  });
});

it("sends by the older signature too, which it calls v2", async () => {
  const request = new cams.SendChatappMessageRequest(text);
  const { body } = await client({ signatureAlgorithm: "v2" }).sendChatappMessage(request);
  expect(body).toMatchObject({ code: "OK" });
  await vi.waitFor(async () => {
    expect(await callsOf(String(body?.messageId))).toHaveLength(1);
  }, WITHIN);
});

it("sends a template to many", async () => {
  const request = new cams.SendChatappMassMessageRequest({
    channelType: "whatsapp",
    templateCode: "order_update",
    language: "en",
    from: "FALLTHRU",
    senderList: [READ, "6599990010"].map((to) => {
      return new cams.SendChatappMassMessageRequestSenderList({ to, templateParams: { name: to } });
    }),
  });
  const { body } = await client().sendChatappMassMessage(request);
  expect(body).toMatchObject({ code: "OK", groupMessageId: expect.any(String) });
  const ids = messageIdsOf(String(body?.groupMessageId)) ?? [];
  expect(ids).toHaveLength(2);
  await vi.waitFor(() => {
    expect(ids.map((id) => told(id).at(-1)?.Status)).toEqual(["Read", "Read"]);
  }, WITHIN);
});

it("throws what is refused as its own error", async () => {
  const wrong = new cams.SendChatappMessageRequest({ ...text, to: "12" });
  await expect(client().sendChatappMessage(wrong)).rejects.toMatchObject({
    code: "InvalidParameter.To",
    message: expect.stringContaining("The parameter To must be"),
    data: { statusCode: 400, RequestId: expect.any(String) },
  });
});

it("throws its own error for a wrong secret", async () => {
  const request = new cams.SendChatappMessageRequest(text);
  await expect(
    client({ accessKeySecret: "guessed" }).sendChatappMessage(request),
  ).rejects.toMatchObject({
    code: "SignatureDoesNotMatch",
  });
});

it("takes what Python's client sends and lists, which throws what is refused as its own error", async ({
  skip,
}) => {
  if (python === undefined) return skip("There is no Python with Alibaba's client.");
  const earlier = await send({ ...fallback, to: REFUSED });
  await fellBack(earlier);
  const message = {
    channel_type: "whatsapp",
    type: "message",
    message_type: "text",
    content: text.content,
    from_: "FALLTHRU",
    fall_back_id: "S_000001",
    fall_back_content: "Hello + by SMS",
    fall_back_duration: 60,
    fall_back_rule: "undelivered",
  };
  // One process for all: the client alone takes seconds to load.
  const calls = [
    ["send_chatapp_message", { ...message, to: REFUSED }],
    ["send_chatapp_message", { ...message, to: "12" }],
    ["list_chatapp_message", { channel_type: "WHATSAPP" }],
  ];
  const given = { endpoint: host(), secret: "demo-secret", calls };
  const [sent, refused, listed] = Object(await python.run("alibaba.py", given));
  expect(sent).toMatchObject({ status: 200, body: { Code: "OK" } });
  expect(await fellBack(sent.body.MessageId)).toBe("sms: Hello + by SMS");
  expect(refused).toMatchObject({
    error: "ClientException",
    code: "InvalidParameter.To",
    message: expect.stringContaining("The parameter To must be"),
    status_code: 400,
  });
  expect(listed.body.Data).toContainEqual(
    expect.objectContaining({
      MessageId: earlier,
      MessageStatus: "fail",
      FailBackFlag: "Y",
      FailBackContent: fallback.fallBackContent,
    }),
  );
});

describe("an account's fallback settings", () => {
  const path = `/ft/v1/accounts/a-${randomUUID()}`.slice(0, 47);
  const anyVersion = { headers: { "if-match": "*" } };
  const add = async (kind: string, body: object) => {
    const made = await call("POST", `${path}/${kind}`, { body });
    expect(made).toMatchObject({ status: 201, body });
    return String(made.body.id);
  };
  const edit = async (kind: string, id: string, body: object) => {
    const edited = await call("PUT", `${path}/${kind}/${id}`, { body, ...anyVersion });
    expect(edited).toMatchObject({ status: 200, body });
  };
  const remove = async (kind: string, id: string) =>
    (await call("DELETE", `${path}/${kind}/${id}`, anyVersion)).status;
  const rules = "fallback-rules";
  const policies = "fallback-policies";
  const refused = { ...text, ...fallback, to: REFUSED };
  let own: InstanceType<typeof Client>;

  beforeAll(async () => {
    await call("PUT", path, { body: { name: "Alibaba's client" } });
    await call("PUT", `${path}/channels/whatsapp`, {
      body: { ...whatsapp, smsFallback: false },
    });
    await call("PUT", `${path}/channels/sms`, { body: { senders: ["FALLTHRU", "ACME", "SHOP"] } });
    const scopes = ["send", "read"];
    const made = await call("POST", `${path}/api-keys`, { body: { scopes, accessKey: true } });
    const { id: accessKeyId, accessKeySecret } = made.body;
    own = client({ accessKeyId, accessKeySecret });
  });

  const whatsapp = { senders: ["FALLTHRU"], smsFallback: true };

  const sendBy = async (fallBackId: string) => {
    const request = new cams.SendChatappMessageRequest({ ...refused, fallBackId });
    return String((await own.sendChatappMessage(request)).body?.messageId);
  };

  /** Who sent the SMS of a message that WhatsApp refuses. */
  const smsSenderBy = async (fallBackId: string) => {
    const messageId = await sendBy(fallBackId);
    return vi.waitFor(async () => {
      const calls = await product.callsOf(messageId);
      expect(calls.map(({ channel }) => channel)).toEqual(["whatsapp", "sms"]);
      return calls[1]!.sender;
    }, WITHIN);
  };

  it("decide nothing until the channel's SMS is activated", async () => {
    const rule = await add(rules, { name: "By SMS", type: "SMS", sendId: "ACME" });
    const policy = await add(policies, { name: "First", rule });
    await expect(sendBy(policy)).rejects.toMatchObject({ code: "Product.Unsubscript" });
    await edit("channels", "whatsapp", whatsapp);
    expect(await smsSenderBy(policy)).toBe("ACME");
  });

  it("are a rule with its name, type and SendID, and a policy that includes it, which a send selects", async () => {
    const rule = await add(rules, { name: "Orders by SMS", type: "SMS", sendId: "SHOP" });
    const policy = await add(policies, { name: "Orders", rule });
    expect(await smsSenderBy(policy)).toBe("SHOP");
  });

  it("have no policy of a rule that was not added before", async () => {
    const body = { name: "Early", rule: "R_000099" };
    expect((await call("POST", `${path}/${policies}`, { body })).status).toBe(422);
  });

  it("decide as they were edited, the rule and the policy", async () => {
    const rule = await add(rules, { name: "Edited", type: "SMS", sendId: "SHOP" });
    const policy = await add(policies, { name: "Edited", rule });
    await edit(rules, rule, { name: "Edited rule", type: "SMS", sendId: "ACME" });
    expect(await smsSenderBy(policy)).toBe("ACME");
    const another = await add(rules, { name: "Another", type: "SMS", sendId: "FALLTHRU" });
    await edit(policies, policy, { name: "Edited policy", rule: another });
    expect(await smsSenderBy(policy)).toBe("FALLTHRU");
  });

  it("are selected no more once the policy is deleted, and then its rule can be", async () => {
    const rule = await add(rules, { name: "Deleted", type: "SMS", sendId: "SHOP" });
    const policy = await add(policies, { name: "Deleted", rule });
    expect(await remove(rules, rule)).toBe(409);
    expect(await remove(policies, policy)).toBe(204);
    await expect(sendBy(policy)).rejects.toMatchObject({ code: "InvalidParameter.FallBackId" });
    expect(await remove(rules, rule)).toBe(204);
    expect((await call("GET", `${path}/${rules}/${rule}`)).status).toBe(404);
  });
});
