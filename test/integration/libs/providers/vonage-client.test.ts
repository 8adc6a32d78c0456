// What the adapter posts to Vonage is what Vonage's own client posts, on every channel: both call the
// same place on loopback.
import { generateKeyPairSync, verify } from "node:crypto";
import { Vonage } from "@vonage/server-sdk";
import { Agent } from "undici";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { vonage } from "#libs/providers/vonage/vonage.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { saying, sayingRich, url } from "#test/support/infobip-commands.ts";
import { type Received, type Receiver, startReceiver } from "#test/support/webhook-receiver.ts";

const keys = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const privateKey = String(keys.privateKey.export({ type: "pkcs8", format: "pem" }));
const applicationId = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
const MESSAGE_UUID = "aaaaaaaa-bbbb-4ccc-8ddd-aabbccddeeff";
const agent = new Agent();
let gateway: Receiver;

beforeAll(async () => {
  gateway = await startReceiver();
  gateway.answer = () => (response) => {
    response.writeHead(202, { "content-type": "application/json" });
    response.end(JSON.stringify({ message_uuid: MESSAGE_UUID }));
  };
});
beforeEach(() => {
  gateway.received.length = 0;
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await agent.close();
});

function neverCalled(): never {
  throw new Error("Nothing but HTTP is spoken here.");
}

type Login = { options: object; credentials: object };

function dispatch(command: DispatchCommand, login: Login) {
  return adapter(login).dispatch(command, () => true);
}

function adapter(login: Login) {
  const address = new URL(gateway.url).origin;
  const options = { address, bridgeUrl: "https://hooks.example.com", ...login.options };
  const credentials = { signatureSecret: "a-secret", ...login.credentials };
  const line = {
    agent,
    timeoutMs: 10_000,
    provider: "vonage.0123",
    receiptsPath: "/receipts/vonage/0123",
    log: createLog("test", "fatal"),
  };
  return vonage
    .open({ options, credentials })!
    .connect({ ...line, connectSocket: neverCalled, takeReceipts: neverCalled });
}

const byApplication = { options: { applicationId }, credentials: { privateKey } };

function lastCall(): Received {
  return gateway.received.at(-1)!;
}

const common = {
  to: "6599990000",
  from: "FALLTHRU",
  clientRef: "m:0",
  webhookUrl: "https://hooks.example.com/receipts/vonage/0123",
  webhookVersion: "v1",
};
const parameters = [{ type: "text", text: "42" }];
const template = {
  name: "order",
  language: { code: "en_US" },
  components: [{ type: "body", parameters }],
};
const interactive = { type: "button", body: { text: "Well?" }, action: { buttons: [] } };
const action = { url: "https://a.example", text: "Open" };
const button = { caption: "Open", action: "https://a.example" };
const place = { latitude: 1, longitude: 2, name: "Here" };

const reply = { reply: { text: "Yes", postbackData: "yes" } };

const samples: [name: string, command: DispatchCommand, ofClient: object][] = [
  [
    "an SMS",
    saying("sms", { text: "Hello", smsEncoding: "UNICODE" }, { ttlSeconds: 600 }),
    {
      channel: "sms",
      messageType: "text",
      text: "Hello",
      ttl: 600,
      sms: { encodingType: "unicode" },
    },
  ],
  [
    "a text on WhatsApp",
    saying("whatsapp", { text: "Hello" }, { ttlSeconds: 600 }),
    { channel: "whatsapp", messageType: "text", text: "Hello" },
  ],
  [
    "an image on WhatsApp",
    sayingRich("whatsapp", "IMAGE", { url }, "A caption"),
    { channel: "whatsapp", messageType: "image", image: { url, caption: "A caption" } },
  ],
  [
    "a video on WhatsApp",
    sayingRich("whatsapp", "VIDEO", { url }),
    { channel: "whatsapp", messageType: "video", video: { url } },
  ],
  [
    "an audio on WhatsApp",
    sayingRich("whatsapp", "AUDIO", { url }),
    { channel: "whatsapp", messageType: "audio", audio: { url } },
  ],
  [
    "a file on WhatsApp",
    sayingRich("whatsapp", "FILE", { file: { url, filename: "a.pdf" } }, "Yours"),
    { channel: "whatsapp", messageType: "file", file: { url, caption: "Yours", name: "a.pdf" } },
  ],
  [
    "a template on WhatsApp",
    sayingRich("whatsapp", "TEMPLATE", { template }),
    { channel: "whatsapp", messageType: "custom", custom: { type: "template", template } },
  ],
  [
    "buttons on WhatsApp",
    sayingRich("whatsapp", "INTERACTIVE", { interactive }),
    { channel: "whatsapp", messageType: "custom", custom: { type: "interactive", interactive } },
  ],
  [
    "a place on WhatsApp",
    sayingRich("whatsapp", "LOCATION", { location: place }),
    { channel: "whatsapp", messageType: "custom", custom: { type: "location", location: place } },
  ],
  [
    "a text on Viber",
    saying("viber", { text: "Hello" }, { ttlSeconds: 60 }),
    { channel: "viber_service", messageType: "text", text: "Hello", viberService: { ttl: 60 } },
  ],
  [
    "an image with a button on Viber",
    { ...sayingRich("viber", "INTERACTIVE", { url, button }, "Hello"), ttlSeconds: 60 },
    {
      channel: "viber_service",
      messageType: "image",
      image: { url, caption: "Hello" },
      viberService: { action, ttl: 60 },
    },
  ],
  [
    "a text with a button on Viber",
    sayingRich("viber", "INTERACTIVE", { button }, "Hello"),
    { channel: "viber_service", messageType: "text", text: "Hello", viberService: { action } },
  ],
  [
    "a file on Viber",
    sayingRich("viber", "FILE", { file: { url, filename: "a.pdf" } }),
    { channel: "viber_service", messageType: "file", file: { url, name: "a.pdf" } },
  ],
  [
    "a text on RCS, whose TTL is the shortest that Vonage takes",
    saying("rcs", { text: "Hello" }, { ttlSeconds: 1 }),
    { channel: "rcs", messageType: "text", text: "Hello", ttl: 20 },
  ],
  [
    "a text with a suggestion on RCS",
    sayingRich("rcs", "TEXT", { suggestions: [reply] }, "Hello"),
    {
      channel: "rcs",
      messageType: "custom",
      custom: { contentMessage: { text: "Hello", suggestions: [reply] } },
    },
  ],
  [
    "an image with words on RCS",
    sayingRich("rcs", "IMAGE", { url }, "A caption"),
    {
      channel: "rcs",
      messageType: "custom",
      custom: {
        contentMessage: {
          richCard: {
            standaloneCard: {
              cardOrientation: "VERTICAL",
              cardContent: {
                description: "A caption",
                media: { height: "MEDIUM", contentInfo: { fileUrl: url } },
              },
            },
          },
        },
      },
    },
  ],
  [
    "an image on RCS",
    sayingRich("rcs", "IMAGE", { url }),
    { channel: "rcs", messageType: "image", image: { url } },
  ],
];

it.each(samples)("posts %s as the client does", async (_name, command, ofClient) => {
  const answer = await dispatch(command, byApplication);
  expect(answer).toMatchObject({ type: "accepted", providerMessageId: MESSAGE_UUID });
  const own = lastCall();
  const apiHost = new URL(gateway.url).origin;
  const client = new Vonage({ applicationId, privateKey }, { apiHost });
  const { messageUUID } = await client.messages.send(Object({ ...common, ...ofClient }));
  expect(messageUUID).toBe(MESSAGE_UUID);
  const theirs = lastCall();
  expect(theirs).not.toBe(own);
  expect(JSON.parse(own.body)).toEqual(JSON.parse(theirs.body));
  expect(own.path).toBe(theirs.path);
});

it("signs each call by the application's key, or logs in with the API key", async () => {
  const command = saying("sms", { text: "Hello" });
  await dispatch(command, byApplication);
  await dispatch(command, byApplication);
  const tokens = gateway.received.map(({ headers }) => headers.authorization!.split(" ")[1]!);
  expect(new Set(tokens).size).toBe(2);
  const [header = "", claims = "", signature = ""] = tokens[0]!.split(".");
  const isSigned = verify(
    "sha256",
    Buffer.from(`${header}.${claims}`),
    keys.publicKey,
    Buffer.from(signature, "base64url"),
  );
  expect(isSigned).toBe(true);
  expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
    application_id: applicationId,
    jti: expect.any(String),
  });
  await dispatch(command, { options: { apiKey: "abcd" }, credentials: { apiSecret: "word" } });
  expect(lastCall().headers.authorization).toBe(`Basic ${btoa("abcd:word")}`);
});

it("takes an RCS message back as the client does, and says only that it asked", async () => {
  const command = saying("rcs", { text: "Hello" });
  const taken = { ...command, ids: [MESSAGE_UUID] };
  const own = adapter(byApplication);
  expect(await own.revoke?.(taken, 10_000)).toEqual({ outcome: "REQUESTED" });
  const ours = lastCall();
  const apiHost = new URL(gateway.url).origin;
  const client = new Vonage({ applicationId, privateKey }, { apiHost });
  const { messages } = client;
  // Its types ask for what only a read message has.
  await Reflect.apply(messages.updateMessage.bind(messages), undefined, [MESSAGE_UUID, "revoked"]);
  const theirs = lastCall();
  expect(theirs).not.toBe(ours);
  expect([ours.method, ours.path, JSON.parse(ours.body)]).toEqual([
    theirs.method,
    theirs.path,
    JSON.parse(theirs.body),
  ]);
});

it("tells Vonage's words where it takes no message back, and asks for none without an id", async () => {
  const taken = { ...saying("rcs", { text: "Hello" }), ids: [MESSAGE_UUID] };
  const usual = gateway.answer;
  onTestFinished(() => void (gateway.answer = usual));
  gateway.answer = () => (response) => {
    response.writeHead(422, { "content-type": "application/problem+json" });
    response.end(JSON.stringify({ type: "about:blank", title: "Invalid", detail: "Too old." }));
  };
  const own = adapter(byApplication);
  expect(await own.revoke?.(taken, 10_000)).toEqual({
    outcome: "REFUSED",
    code: "http-422",
    text: "Too old.",
  });
  const { length } = gateway.received;
  expect(await own.revoke?.({ ...taken, ids: [] }, 10_000)).toMatchObject({ code: "id-unknown" });
  expect(gateway.received).toHaveLength(length);
});
