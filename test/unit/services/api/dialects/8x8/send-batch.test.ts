import { describe, expect, it } from "vitest";
import { BATCH_COUNT_MAX, messageIdsOf } from "#libs/dialects/batch-ids.ts";
import { startApiServer } from "#test/support/api-server.ts";
import { longestTurnMs, TURN_MS_MAX } from "#test/support/longest-turn.ts";

const MESSAGES = "/api/v1/subaccounts/demo/messages";
const headers = { authorization: "Bearer demo-key" };
const to = (msisdn: string, more: object = {}) => ({ user: { msisdn }, ...more });
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const hello = { type: "text", content: { text: "Hello" } };

async function sendBatch(body: object) {
  const { request, accepted } = startApiServer();
  const url = `${MESSAGES}/batch`;
  const answer = await request({ method: "POST", url, headers, payload: body });
  expect(answer.body).not.toContain("null");
  return { answer: answer.json(), status: answer.statusCode, accepted };
}

/** What is accepted of one message with a template. */
async function merged(template: object, message: object) {
  const { accepted, answer } = await sendBatch({
    template,
    messages: [to("+6591234567", message)],
    includeMessagesInResponse: true,
  });
  expect(answer.messages).toMatchObject([{ status: { state: "queued" } }]);
  return accepted[0]!.request;
}

describe("a batch of mixed messages", () => {
  const body = {
    clientBatchId: "cb-1",
    template: { ...hello, dlrCallbackUrl: "https://example.com/dlr" },
    messages: [
      to("+6591234567", { clientMessageId: "c-1" }),
      to("12", { clientMessageId: "c-2" }),
      to("+6591234568", { clientMessageId: "c-1" }),
      "not a message",
      to("+6591234569"),
    ],
    includeMessagesInResponse: true,
  };
  const timestamp = expect.stringMatching(/Z$/);
  const rejected = (errorCode: number, about: RegExp) => ({
    state: "rejected",
    errorCode,
    errorMessage: expect.stringMatching(about),
    timestamp,
  });

  it("accepts those that are right and says what is wrong with the others", async () => {
    const { answer, status, accepted } = await sendBatch(body);
    const umids = messageIdsOf(answer.batchId)!;
    expect(status).toBe(200);
    expect(answer).toEqual({
      batchId: expect.any(String),
      clientBatchId: "cb-1",
      acceptedCount: 2,
      rejectedCount: 3,
      messages: [
        {
          umid: umids[0],
          user: { msisdn: "+6591234567" },
          clientMessageId: "c-1",
          status: { state: "queued", timestamp },
        },
        {
          umid: expect.stringMatching(UUID),
          user: { msisdn: "12" },
          clientMessageId: "c-2",
          status: rejected(3003, /^Invalid MSISDN/),
        },
        {
          umid: expect.stringMatching(UUID),
          user: { msisdn: "+6591234568" },
          clientMessageId: "c-1",
          status: rejected(1008, /earlier message of the batch/),
        },
        {
          umid: expect.stringMatching(UUID),
          user: {},
          status: rejected(1000, /must be an object/),
        },
        {
          umid: umids[1],
          user: { msisdn: "+6591234569" },
          status: { state: "queued", timestamp },
        },
      ],
    });
    expect(accepted.map(({ request }) => request)).toMatchObject([
      { messageId: umids[0], clientMessageId: "c-1", recipient: { msisdn: "+6591234567" } },
      { messageId: umids[1], clientMessageId: null, recipient: { msisdn: "+6591234569" } },
    ]);
    for (const { request } of accepted) {
      expect(request).toMatchObject({
        batchId: answer.batchId,
        clientBatchId: "cb-1",
        callbackUrl: "https://example.com/dlr",
        content: { text: "Hello" },
        dialect: "8x8",
      });
    }
  });

  it("tells of the messages only who wants to know", async () => {
    const { answer } = await sendBatch({ ...body, includeMessagesInResponse: false });
    expect(answer).toEqual({
      batchId: expect.any(String),
      clientBatchId: "cb-1",
      acceptedCount: 2,
      rejectedCount: 3,
    });
  });

  it("accepts nothing of one in which all is wrong, and says so", async () => {
    const { answer, status, accepted } = await sendBatch({ messages: [{}, {}] });
    expect([status, answer.acceptedCount, answer.rejectedCount]).toEqual([200, 0, 2]);
    expect(accepted).toEqual([]);
  });
});

describe("the template", () => {
  const template = {
    type: "template",
    content: {
      template: { name: "order", language: "en" },
      fallbackText: "Shared",
      sms: { source: "SHARED" },
    },
    channels: [{ channel: "WhatsApp", fallbackAfter: 60 }, { channel: "SMS" }],
  };

  it("gives a message all that it does not say itself", async () => {
    expect(await merged(template, {})).toMatchObject({
      content: {
        type: "TEMPLATE",
        richJson: '{"template":{"name":"order","language":"en"}}',
        fallbackText: "Shared",
        sms: { source: "SHARED" },
      },
      steps: [{ channel: "whatsapp", waitSeconds: 60 }, { channel: "sms" }],
    });
  });

  it("gives way to a message, also within its content", async () => {
    const own = { channels: [{ channel: "SMS" }], content: { fallbackText: "My own" } };
    expect(await merged(template, own)).toMatchObject({
      content: { type: "TEMPLATE", fallbackText: "My own", sms: { source: "SHARED" } },
      steps: [{ channel: "sms" }],
    });
  });

  it("does not give way to null", async () => {
    const nulls = { type: null, channels: null, content: { fallbackText: null, template: null } };
    expect(await merged(template, nulls)).toEqual(
      expect.objectContaining({
        content: expect.objectContaining({ type: "TEMPLATE", fallbackText: "Shared" }),
      }),
    );
  });
});

describe("a large batch", () => {
  const messages = Array.from({ length: BATCH_COUNT_MAX }, (_, index) =>
    to(`+65${90_000_000 + index}`, { clientMessageId: `c-${index}` }),
  );

  it("is taken whole", async () => {
    const { answer, accepted } = await sendBatch({ template: hello, messages });
    expect(answer.acceptedCount).toBe(BATCH_COUNT_MAX);
    expect(accepted).toHaveLength(BATCH_COUNT_MAX);
  });

  it("holds nobody up for 100 ms while it is read, judged and answered", async () => {
    const { request } = startApiServer();
    // A server that has not served yet is put together first.
    await request({ url: MESSAGES, headers });
    const payload = { template: hello, messages, includeMessagesInResponse: true };
    const longestMs = await longestTurnMs(() =>
      request({ method: "POST", url: `${MESSAGES}/batch`, headers, payload }),
    );
    expect(longestMs).toBeLessThan(TURN_MS_MAX);
  });

  it("may be of 16 MiB, and a single message of 256 KiB", async () => {
    const { request } = startApiServer();
    const post = (url: string, length: number) =>
      request({ method: "POST", url, headers, payload: { note: "x".repeat(length) } });
    const answers = [
      await post(`${MESSAGES}/batch`, 15 * 1024 * 1024),
      await post(`${MESSAGES}/batch`, 16 * 1024 * 1024),
      await post(MESSAGES, 256 * 1024),
    ];
    expect(answers.map((answer) => [answer.statusCode, answer.json().message])).toEqual([
      [413, "Invalid parameter: a message, or all beside the messages, is larger than 256 KiB."],
      [413, "Invalid parameter: the body is larger than 16384 KiB."],
      [413, "Invalid parameter: the body is larger than 256 KiB."],
    ]);
  });
});
