// What Google's RCS for Business is called with, and what it says. The stand-in holds calls against
// Google's reference.

import { Agent } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { answerOfEnd } from "#libs/providers/answer-of-end.ts";
import { contentMessage } from "#libs/providers/content/rcs-content.ts";
import { answerOfRbm } from "#libs/providers/google-rbm/answer.ts";
import { googleRbm } from "#libs/providers/google-rbm/google-rbm.ts";
import { messageIdOf } from "#libs/providers/google-rbm/message-id.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { commandFor } from "#test/support/dispatch-command.ts";
import { noProviders } from "#test/support/no-providers.ts";
import {
  AGENT_ID,
  type RbmApi,
  rbmCredentials,
  rbmEvent,
  rbmSignature,
  startRbmApi,
} from "#test/support/rbm-api.ts";

const connectSocket = () => Promise.reject(new Error("RBM has no line."));
const resources = new AsyncDisposableStack();
const log = createLog("channel-dispatcher", "fatal");
let google: RbmApi;
let agent: Agent;

beforeAll(async () => {
  google = resources.use(await startRbmApi());
  agent = resources.adopt(new Agent(), (each) => each.close());
});
afterAll(() => resources.disposeAsync());

function opened(more: object = {}) {
  const options = {
    agentId: AGENT_ID,
    address: google.url,
    tokenUrl: `${google.url}/token`,
    ...more,
  };
  return googleRbm.open({ options, credentials: rbmCredentials })!;
}

function adapter(more: object = {}) {
  return opened(more).connect({
    agent,
    timeoutMs: 5_000,
    provider: "google-rbm.0",
    receiptsPath: "/receipts/google-rbm/0",
    connectSocket,
    takeReceipts: async () => undefined,
    log,
  });
}

function of(type: Said["type"], rich: object, text: string | null = null) {
  return contentMessage({ type, text, richJson: JSON.stringify(rich), smsEncoding: null });
}
type Said = DispatchCommand["content"];

const receipts = () =>
  opened().receipts!({ provider: "google-rbm.0", receiptsPath: "/receipts/google-rbm/0" });
const probe = (more: object) =>
  opened(more).probe?.({ ...noProviders.calling, agent, timeoutMs: 5_000 });

function post(body: string, headers: Record<string, string> = {}) {
  return { headers, body: Buffer.from(body), peerAddress: "" };
}

function answered(statusCode: number, status?: string) {
  const text = JSON.stringify(status ? { error: { status, message: "Why" } } : {});
  const end = { type: "answered" as const, statusCode, text, retryAfterMs: 2_000 };
  return answerOfEnd(end, (answer) => answerOfRbm(answer, "own"));
}

function faultsOf(serviceAccount: string) {
  const credentials = { ...rbmCredentials, serviceAccount };
  return googleRbm.faultsOf({ options: { agentId: AGENT_ID }, credentials });
}

const rcs = { channel: "rcs", recipient: "+6599990000" };
const now = () => true;

it("has one id for a command for ever, which is a UUID of version 5", () => {
  expect(messageIdOf("m:0")).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(messageIdOf("m:0")).toBe(messageIdOf("m:0"));
  expect(messageIdOf("m:0")).not.toBe(messageIdOf("m:1"));
});

it("sends a text once, however often it is called for, and asks for one token", async () => {
  await using called = adapter({ trafficType: "TRANSACTION" });
  const command = commandFor({ ...rcs, ttlSeconds: 90 });
  google.losesNextAnswer = true;
  expect(await called.dispatch(command, now)).toMatchObject({ type: "unknown" });
  expect(called.takesIdempotencyKeys("rcs")).toBe(true);
  const messageId = messageIdOf(command.commandId);
  expect(await called.dispatch(command, now)).toMatchObject({
    type: "accepted",
    providerMessageId: messageId,
  });
  const taken = google.messages.filter((each) => each.messageId === messageId);
  expect(taken).toEqual([
    {
      messageId,
      phone: "+6599990000",
      body: {
        contentMessage: { text: "hello" },
        messageTrafficType: "TRANSACTION",
        ttl: "90s",
      },
    },
  ]);
  expect(google.repeatCount).toBe(1);
  expect(google.tokenCount).toBe(1);
});

it("asks for another token where the one that it has is refused, and may be called again", async () => {
  await using called = adapter();
  const command = commandFor(rcs);
  const before = google.tokenCount;
  expect(await called.dispatch(command, now)).toMatchObject({ type: "accepted" });
  google.endTokens();
  expect(await called.dispatch(command, now)).toMatchObject({
    type: "temporary",
    code: "token-ended",
  });
  expect(await called.dispatch(command, now)).toMatchObject({ type: "accepted" });
  expect(google.tokenCount).toBe(before + 2);
});

it("tells the step at once who has no RCS, and whose fault another refusal is", async () => {
  await using called = adapter();
  const nobody = commandFor({ ...rcs, recipient: "+6599990001" });
  expect(await called.dispatch(nobody, now)).toMatchObject({
    type: "refused",
    code: "NOT_FOUND",
    errorClass: "PERMANENT",
  });
  await using other = adapter({ agentId: "another" });
  expect(await other.dispatch(commandFor(rcs), now)).toMatchObject({ errorClass: "SENDER" });
  const { content } = commandFor(rcs);
  const long = commandFor({ ...rcs, content: { ...content, text: "a".repeat(3_073) } });
  expect(await called.dispatch(long, now)).toMatchObject({ errorClass: "CONTENT" });
  await using cut = adapter({ tokenUrl: `${google.url}/nowhere` });
  expect(await cut.dispatch(commandFor(rcs), now)).toMatchObject({
    type: "temporary",
    code: "no-access-token",
  });
});

it("lets Google try as long as the step waits: its TTL, else its wait, 10 s to 15 days", async () => {
  await using called = adapter();
  const ttlOf = async (more: Partial<DispatchCommand>) => {
    const command = commandFor({ ...rcs, ...more, recipient: rcs.recipient });
    expect(await called.dispatch(command, now)).toMatchObject({ type: "accepted" });
    return google.messages.at(-1)!.body["ttl"];
  };
  expect(await ttlOf({ ttlSeconds: 60, waitMs: 90_000 })).toBe("60s");
  expect(await ttlOf({ waitMs: 90_500 })).toBe("90s");
  expect(await ttlOf({ waitMs: 1_000 })).toBe("10s");
  expect(await ttlOf({ ttlSeconds: 2_592_000 })).toBe("1296000s");
  expect(await ttlOf({})).toBeUndefined();
});

it("calls for nobody who has no number, and not late", async () => {
  await using called = adapter();
  const nobody = commandFor({ ...rcs, recipient: "" });
  expect(await called.dispatch(nobody, now)).toMatchObject({ code: "no-address" });
  expect(await called.dispatch(commandFor(rcs), () => false)).toEqual({ type: "late" });
});

const lowered = (word: string) => word.toLowerCase();

describe("content", () => {
  const media = { height: "TALL", contentInfo: { fileUrl: "https://a.example/1.png" } };
  const suggestions = [{ reply: { text: "Yes", postbackData: "y" } }];

  it("is a file, or a card where words stand under it", () => {
    const file = { url: "https://a.example/1.png" };
    expect(of("IMAGE", file)).toEqual({ contentInfo: { fileUrl: file.url } });
    expect(of("IMAGE", file, "Look")).toMatchObject({
      richCard: { standaloneCard: { cardContent: { description: "Look" } } },
    });
    expect(of("FILE", {})).toBeUndefined();
  });

  it("is a card as 8x8 writes it or as Google does, and a carousel, with what may be tapped", () => {
    const cardContent = { title: "T", description: "D", media, suggestions };
    const card = {
      cardOrientation: "HORIZONTAL",
      thumbnailImageAlignment: "RIGHT",
      ...cardContent,
    };
    const standaloneCard = {
      cardOrientation: "HORIZONTAL",
      thumbnailImageAlignment: "RIGHT",
      cardContent,
    };
    const expected = { richCard: { standaloneCard }, suggestions };
    expect(of("RICH_CARD", { richCard: card, suggestions })).toEqual(expected);
    expect(of("RICH_CARD", { richCard: { standaloneCard }, suggestions })).toEqual(expected);
    expect(of("CAROUSEL", { carousel: { cards: [cardContent] } })).toEqual({
      richCard: { carouselCard: { cardWidth: "MEDIUM", cardContents: [cardContent] } },
    });
    expect(of("CAROUSEL", { carousel: { cards: [] } })).toBeUndefined();
    // 8x8's samples have them in small letters.
    const small = JSON.parse(JSON.stringify(card).replaceAll(/HORIZONTAL|RIGHT|TALL/g, lowered));
    expect(of("RICH_CARD", { richCard: small, suggestions })).toEqual(expected);
    expect(of("TEMPLATE", { template: { name: "hello" } })).toBeUndefined();
  });
});

describe("an answer", () => {
  it("is temporary where Google says so, and unknown where a server failed: it is asked again", () => {
    expect(answered(429, "RESOURCE_EXHAUSTED")).toMatchObject({
      type: "temporary",
      retryAfterMs: 2_000,
    });
    expect(answered(503, "UNAVAILABLE")).toMatchObject({ type: "temporary" });
    expect(answered(500, "INTERNAL")).toMatchObject({ type: "unknown" });
    expect(answered(502)).toMatchObject({ type: "unknown" });
  });

  it("is the first one's where Google has the id already, and unread where the id is all", () => {
    expect(answered(409, "ALREADY_EXISTS")).toMatchObject({
      type: "accepted",
      providerMessageId: "own",
    });
    expect(answered(200)).toMatchObject({ type: "accepted" });
  });
});

describe("a post", () => {
  it("is believed by Google's signature over the decoded data", () => {
    const body = rbmEvent("m1", "DELIVERED");
    const signed = (token?: string) => ({ "x-goog-signature": rbmSignature(body, token) });
    const { authenticate } = receipts();
    expect(authenticate(post(body, signed()), 0)).toBe(true);
    expect(authenticate(post(rbmEvent("m2", "DELIVERED"), signed()), 0)).toBe(false);
    expect(authenticate(post(body, signed("another")), 0)).toBe(false);
    expect(authenticate(post(body), 0)).toBe(false);
    for (const odd of ["", "{}", '{"message":{"data":1}}', '{"message":{"data":"%"}}']) {
      expect(authenticate(post(odd, signed()), 0)).toBe(false);
    }
  });

  it("that asks whether the webhook is ours is answered by its secret, to whoever has the token", () => {
    const ask = (clientToken: unknown) =>
      receipts().confirmPost?.(post(JSON.stringify({ clientToken, secret: "1234567890" })));
    expect(ask(rbmCredentials.clientToken)).toBe("1234567890");
    expect(ask("a guess")).toBeUndefined();
    expect(ask(undefined)).toBeUndefined();
    expect(receipts().confirmPost?.(post(rbmEvent("m1", "READ")))).toBeUndefined();
  });

  it.each([
    ["DELIVERED", "DELIVERED"],
    ["READ", "READ"],
    ["TTL_EXPIRATION_REVOKED", "EXPIRED"],
    // It may still arrive.
    ["TTL_EXPIRATION_REVOKE_FAILED", "UNKNOWN"],
  ])("tells %s as %s", async (eventType, status) => {
    const { reports } = await receipts().parse(Buffer.from(rbmEvent("m1", eventType)), 5);
    expect(reports).toMatchObject([
      {
        provider: "google-rbm.0",
        providerMessageId: "m1",
        channel: "rcs",
        status,
        occurredAt: Date.UTC(2026, 10, 29, 12, 0, 0, 123),
        receivedAt: 5,
      },
    ]);
  });

  it("of a user's message or typing says nothing, and of no event is odd", async () => {
    const nothing = { reports: [], oddCount: 0 };
    expect(await receipts().parse(Buffer.from(rbmEvent("m1", "IS_TYPING")), 5)).toMatchObject(
      nothing,
    );
    const typed = { eventType: undefined, text: "Hi" };
    expect(await receipts().parse(Buffer.from(rbmEvent("m1", "", typed)), 5)).toMatchObject(
      nothing,
    );
    expect(await receipts().parse(Buffer.from("{}"), 5)).toMatchObject({
      reports: [],
      oddCount: 1,
    });
  });
});

it("tells whether Google knows the service account", async () => {
  expect(await probe({})).toMatchObject({ state: "works" });
  expect(await probe({ tokenUrl: `${google.url}/nowhere` })).toMatchObject({ state: "refused" });
});

it("takes no key file that signs nothing", () => {
  expect(faultsOf(rbmCredentials.serviceAccount)).toEqual([]);
  for (const odd of ["{}", "no JSON", '{"client_email":"a","private_key":"b"}']) {
    expect(faultsOf(odd)).toMatchObject([{ path: "/credentials/serviceAccount" }]);
  }
});
