import { describe, expect, it } from "vitest";
import { ApiError } from "#libs/dialects/infobip/api-error.ts";
import { parseSend } from "#libs/dialects/infobip/send/parse-send.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { START } from "#test/support/journal-entry.ts";

const account = demoView().findAccount("demo")!;
const content = { body: { text: "May the Force be with you.", type: "TEXT" } };
const destinations = [{ to: "6591234567" }];
const plain = { channel: "SMS", sender: "FALLTHRU", destinations, content };
const byChannel = [
  { channel: "WHATSAPP", to: "6591234567" },
  { channel: "SMS", to: "6591234567" },
];
const failingOver = {
  ...plain,
  channel: "WHATSAPP",
  destinations: [{ byChannel }],
  failover: [{ channel: "SMS", sender: "FALLTHRU" }],
};

const parse = (...messages: object[]) => parseBody({ messages });

async function parseBody(body: object) {
  const { taken, answer } = await parseSend(body, { account, now: START });
  return { requests: taken.map(({ request }) => request), answer };
}

async function violationsOf(body: unknown): Promise<string[]> {
  const error = await parseSend(body, { account, now: START }).catch((each: unknown) => each);
  if (!(error instanceof ApiError)) throw new Error("Nothing is wrong.");
  return error.violations.map(({ property, violation }) => `${property} ${violation}`);
}

describe("a message to one destination", () => {
  it("is one step, answered as accepted", async () => {
    const { requests, answer } = await parse(plain);
    expect(requests).toMatchObject([
      {
        accountId: "demo",
        dialect: "infobip",
        recipient: { msisdn: "+6591234567" },
        content: { type: "TEXT", text: "May the Force be with you." },
        steps: [{ channel: "sms", sender: "FALLTHRU", waitSeconds: null, ttlSeconds: null }],
      },
    ]);
    expect(answer).toEqual({
      bulkId: requests[0]?.batchId,
      messages: [
        {
          messageId: requests[0]?.messageId,
          status: {
            groupId: 1,
            groupName: "PENDING",
            id: 26,
            name: "PENDING_ACCEPTED",
            description: "Message sent to next instance",
          },
          destination: "6591234567",
        },
      ],
    });
  });

  it("keeps the client's own ids and its schedule", async () => {
    const schedule = { bulkId: "bulk-1", sendAt: "2026-11-22T12:00:00.000+0000" };
    const message = { ...plain, destinations: [{ to: "6591234567", messageId: "own-1" }] };
    const { requests, answer } = await parseBody({ messages: [message], options: { schedule } });
    expect(answer).toMatchObject({ bulkId: "bulk-1", messages: [{ messageId: "own-1" }] });
    expect(requests).toMatchObject([
      {
        clientMessageId: "own-1",
        clientBatchId: "bulk-1",
        scheduledAt: Date.UTC(2026, 10, 22, 12),
      },
    ]);
    expect(requests[0]?.messageId).not.toBe("own-1");
  });
});

describe("a failover", () => {
  it.each([
    [undefined, 172_800, null],
    [{ amount: 5 }, 300, 300],
    [{ amount: 90, timeUnit: "SECONDS" }, 90, 90],
    [{ amount: 2, timeUnit: "HOURS" }, 7_200, 7_200],
    [{ amount: 72, timeUnit: "HOURS" }, 172_800, 172_800],
  ])("of a validity period %j waits %d s", async (validityPeriod, waitSeconds, ttlSeconds) => {
    const { requests } = await parse({ ...failingOver, options: { validityPeriod } });
    expect(requests[0]?.steps).toMatchObject([
      { channel: "whatsapp", waitSeconds, ttlSeconds, wanted: "DELIVERED", onFailure: "NEXT" },
      { channel: "sms", waitSeconds: null, ttlSeconds: null },
    ]);
  });

  it("may say something else, and reach the person elsewhere", async () => {
    const sms = { body: { text: "Short", type: "TEXT" } };
    const { requests } = await parse({
      ...failingOver,
      destinations: [{ byChannel: [byChannel[0], { channel: "SMS", to: "6598765432" }] }],
      failover: [{ channel: "SMS", content: sms, validityPeriod: { amount: 10 } }],
    });
    expect(requests[0]?.steps[1]).toMatchObject({
      content: { text: "Short" },
      sender: null,
      ttlSeconds: 600,
    });
    expect(requests[0]?.recipient).toEqual({
      msisdn: null,
      country: null,
      channelUserIds: { whatsapp: "+6591234567", sms: "+6598765432" },
    });
  });
});

describe("a bulk", () => {
  it("takes what it can and rejects the rest by itself", async () => {
    const { requests, answer } = await parse(
      { ...plain, destinations: [{ to: "6591234567" }, { to: "12" }] },
      { ...plain, sender: "NOBODY", channel: "WHATSAPP" },
      { ...plain, content: { body: { text: "x".repeat(161), type: "TEXT" } } },
      { ...plain, webhooks: { delivery: { url: "ftp://example.com" } } },
    );
    expect(requests).toHaveLength(1);
    expect(answer.messages.map(({ status }) => [status.groupId, status.id, status.action])).toEqual(
      [
        [1, 26, undefined],
        [5, 52, "destinations must be a number in E.164, such as +6591234567."],
        [5, 13, expect.stringMatching(/^sender /)],
        [5, 25, expect.stringMatching(/^content\.body\.text /)],
        [5, 100, expect.stringMatching(/^webhooks\.delivery\.url /)],
      ],
    );
  });
});

describe("a body out of form", () => {
  it.each<[string, unknown, string]>([
    ["nothing", undefined, " must be object"],
    ["no messages", { messages: [] }, "messages must not have fewer than 1 items"],
    ["a channel that there is not", { messages: [{ ...plain, channel: "MMS" }] }, "messages[0]"],
    ["no destinations", { messages: [{ ...plain, destinations: [] }] }, "messages[0].destinations"],
    [
      "what is not served",
      { messages: [{ ...plain, content: { ...content, buttons: [] } }] },
      "messages[0].content must not have additional properties: buttons",
    ],
    [
      "another kind of body",
      { messages: [{ ...plain, content: { body: { type: "IMAGE", text: "x" } } }] },
      "messages[0].content.body.type",
    ],
    [
      "both forms of a destination",
      { messages: [{ ...failingOver, destinations: [{ byChannel, to: "6591234567" }] }] },
      "messages[0].destinations[0] must have one of to and byChannel",
    ],
    [
      "a failover to one address",
      { messages: [{ ...failingOver, destinations }] },
      "messages[0].destinations[0] must be by channel where there is a failover",
    ],
    [
      "a failover without its address",
      { messages: [{ ...failingOver, destinations: [{ byChannel: [byChannel[0]] }] }] },
      "messages[0].destinations[0].byChannel must have an address for SMS",
    ],
    [
      "a channel twice",
      { messages: [{ ...failingOver, failover: [{ channel: "WHATSAPP" }] }] },
      "messages[0].failover must name each channel once",
    ],
    [
      "an address twice",
      { messages: [{ ...plain, destinations: [{ byChannel: [byChannel[1], byChannel[1]] }] }] },
      "messages[0].destinations[0].byChannel must name each channel once",
    ],
    [
      "more than 1,000 destinations in all",
      {
        messages: Array.from({ length: 501 }, () => ({
          ...plain,
          destinations: [...destinations, ...destinations],
        })),
      },
      "messages must not have more than 1000 destinations in all",
    ],
    [
      "half an emoji",
      { messages: [{ ...plain, content: { body: { text: "\ud83d", type: "TEXT" } } }] },
      "messages[0].content.body.text",
    ],
  ])("of %s tells where", async (_, body, told) => {
    expect(await violationsOf(body)).toContainEqual(expect.stringContaining(told));
  });
});
