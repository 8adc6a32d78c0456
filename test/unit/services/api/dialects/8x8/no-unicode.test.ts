// Half an emoji, as a client leaves it that cuts a text at so many units of UTF-16.
import { describe, expect, it } from "vitest";
import { batch, headers, MESSAGES, send, text } from "#test/support/8x8/requests.ts";
import { startApiServer } from "#test/support/api-server.ts";

const HALF = "Hi \ud83d there";
const WEBHOOKS = "/api/v1/accounts/de300000-0000-4000-8000-000000000001/webhooks";

const template = (member: object) => ({
  type: "template",
  content: { template: { name: "order", language: "en", ...member } },
});
const parameter = (member: object) =>
  template({
    components: [{ type: "body", parameters: [{ type: "text", text: "x", ...member }] }],
  });

const places: readonly (readonly [place: string, code: number, body: object])[] = [
  ["content.text", 1004, { content: { text: HALF } }],
  ["content.fallbackText", 1004, { content: { text: "x", fallbackText: HALF } }],
  ["content.sms.source", 1005, { content: { text: "x", sms: { source: HALF } } }],
  ["content.sms.encoding", 1003, { content: { text: "x", sms: { encoding: HALF } } }],
  ["content.template.name", 3032, template({ name: HALF })],
  ["content.template.language", 3037, template({ language: HALF })],
  ["content.template.components[0].parameters[0].text", 3041, parameter({ text: HALF })],
  ["content.template.components[0].parameters[0].url", 3046, parameter({ url: HALF })],
  ["content.url", 3008, { type: "image", content: { url: `https://example.com/${HALF}` } }],
  ["content.image.url", 3008, { type: "image", content: { image: { url: HALF } } }],
  ["content.interactive.body.text", 1000, { content: { interactive: { body: { text: HALF } } } }],
  ["content.interactive.\ufffd", 1000, { content: { text: "x", interactive: { "\udc00": 1 } } }],
  ["clientMessageId", 1008, { clientMessageId: HALF }],
  ["dlrCallbackUrl", 3020, { dlrCallbackUrl: `https://example.com/${HALF}` }],
  ["user.msisdn", 3003, { user: { msisdn: HALF } }],
  ["user.country", 3018, { user: { msisdn: "+6591234567", country: "\ud83dG" } }],
  ["user.channelUserId", 1000, { user: { channelUserId: HALF } }],
  ["type", 3010, { type: "\ud83d" }],
  ["channels[0].channel", 3022, { channels: [{ channel: HALF }] }],
  ["scheduled", 1011, { scheduled: HALF }],
  ["expiry", 1006, { expiry: HALF }],
  ["whatever", 1000, { whatever: [{ deep: HALF }] }],
];

describe("half an emoji in a message", () => {
  it.each(places)("is refused at %s with %i", async (place, code, member) => {
    const { request, accepted } = startApiServer();
    const answer = await request(send({ ...text, ...member }));
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code });
    expect(answer.json().message).toContain(place);
    expect(answer.json().message).toMatch(/half of a surrogate pair/);
    expect(accepted).toEqual([]);
  });

  it("spoils no whole one", async () => {
    const { request, accepted } = startApiServer();
    await request(send({ ...text, content: { text: "Hi \ud83d\ude00" } }));
    expect(accepted[0]?.request.content.text).toBe("Hi 😀");
  });
});

describe("half an emoji in a batch", () => {
  it("is refused with its message alone, and is shown as U+FFFD", async () => {
    const { request, accepted } = startApiServer();
    const messages = [text, { ...text, clientMessageId: HALF }];
    const answer = await request(batch({ messages, includeMessagesInResponse: true }));
    expect(answer.json()).toMatchObject({
      acceptedCount: 1,
      messages: [
        { status: { state: "queued" } },
        { clientMessageId: "Hi \ufffd there", status: { state: "rejected", errorCode: 1008 } },
      ],
    });
    expect(answer.body).not.toContain("\\ud83d");
    expect(accepted).toHaveLength(1);
  });

  it("is refused with every message that takes it from the template", async () => {
    const { request } = startApiServer();
    const { user, ...own } = text;
    const body = { template: { ...own, content: { text: HALF } }, messages: [{ user }, text] };
    const answer = await request(batch(body));
    expect(answer.json()).toMatchObject({ acceptedCount: 1, rejectedCount: 1 });
  });

  it.each([
    ["clientBatchId", 1008],
    ["whatever", 1000],
  ])("is refused with the whole of it at %s", async (name, code) => {
    const { request, accepted } = startApiServer();
    const answer = await request(batch({ [name]: HALF, messages: [text] }));
    expect(answer.json()).toMatchObject({ code });
    expect(accepted).toEqual([]);
  });
});

describe("half an emoji elsewhere", () => {
  it.each(["url", "httpAuthorization", "whatever"])(
    "is refused in a webhook's %s",
    async (name) => {
      const { request } = startApiServer();
      const payload = [{ subAccountId: "*", url: "https://example.com", [name]: HALF }];
      const answer = await request({ method: "POST", url: WEBHOOKS, headers, payload });
      expect(answer.json()).toMatchObject({ code: 1000 });
      expect(answer.json().message).toContain(`[0].${name}`);
    },
  );

  it("is refused in a path", async () => {
    const { request } = startApiServer();
    const answer = await request({ url: `${MESSAGES}/%ED%A0%BD`, headers });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 1000 });
  });
});
