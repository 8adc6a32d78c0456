// Infobip's reports by asking: what it hands out once is read, and whatever is no batch is a fault that is told.
import { Agent } from "undici";
import { afterAll, beforeAll, expect, it } from "vitest";
import { infobip } from "#libs/providers/infobip/infobip.ts";
import type { Polled } from "#libs/providers/provider.ts";
import { infobipCredentials as credentials } from "#test/support/infobip-api.ts";
import { readVendorDocument } from "#test/support/vendor-openapi.ts";
import { type Receiver, startReceiver } from "#test/support/webhook-receiver.ts";

const resources = new AsyncDisposableStack();
let gateway: Receiver;
let agent: Agent;

beforeAll(async () => {
  gateway = resources.use(await startReceiver());
  agent = resources.adopt(new Agent(), (each) => each.close());
});
afterAll(() => resources.disposeAsync());

const polling = () => ({ address: new URL(gateway.url).origin, receipts: "poll" });

function poll(channel: string): Promise<Polled> {
  const access = infobip.open({ options: polling(), credentials })!;
  return access.poll!({ agent, timeoutMs: 500 }, channel);
}

function answerWith(status: number, body: string, headers: Record<string, string> = {}): void {
  gateway.answer = () => (response) => void response.writeHead(status, headers).end(body);
}

it.each([
  ["sms", "infobip-sms-openapi.json"],
  ["viber", "infobip-viber-openapi.json"],
  ["rcs", "infobip-rcs-openapi.json"],
])("asks for %s where Infobip's own description has its reports", async (channel, file) => {
  answerWith(200, '{"results":[]}');
  gateway.received.length = 0;
  expect(await poll(channel)).toMatchObject({ type: "read" });
  const [{ path, headers }] = gateway.received as [Receiver["received"][0]];
  expect(headers.authorization).toBe("App key");
  const { pathname, searchParams } = new URL(path, gateway.url);
  expect(Number(searchParams.get("limit"))).toBeLessThanOrEqual(1_000);
  const document = readVendorDocument(`infobip/${file}`);
  const paths = document?.operations.map((each) => `${each.method} ${each.path}`) ?? [
    `GET ${pathname}`,
  ];
  expect(paths).toContain(`GET ${pathname}`);
});

it.each<[string, () => void]>([
  ["HTML", () => answerWith(200, "<html>Sorry</html>")],
  ["10 MB", () => answerWith(200, JSON.stringify({ results: ["x".repeat(10_000_000)] }))],
  ["nothing", () => answerWith(200, "")],
  ["no list", () => answerWith(200, '{"results":{}}')],
  ["a refusal", () => answerWith(401, "{}")],
  ["silence", () => (gateway.answer = () => () => undefined)],
])("says what is wrong where it is answered with %s", async (_name, answer) => {
  answer();
  expect(await poll("sms")).toEqual({
    type: "failed",
    words: expect.stringMatching(/\w/),
    retryAfterMs: 0,
  });
});

it("waits as long as Infobip asks for", async () => {
  answerWith(429, "{}", { "retry-after": "7" });
  expect(await poll("sms")).toMatchObject({ type: "failed", retryAfterMs: 7_000 });
});

it("is no way for WhatsApp, nor beside an address that each message names", () => {
  expect(infobip.channelsOf(polling())).not.toContain("whatsapp");
  const options = { ...polling(), bridgeUrl: "https://receipts.example" };
  expect(infobip.faultsOf({ options, credentials })).toMatchObject([
    { path: "/options/bridgeUrl" },
  ]);
  const pushed = { address: polling().address };
  expect(infobip.open({ options: pushed, credentials })).not.toHaveProperty("poll");
});
