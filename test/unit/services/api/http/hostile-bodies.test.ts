// Bodies that no client of good faith sends: they must cost little and never look like our fault.
import { expect, it } from "vitest";
import { startApiServer } from "#test/support/api-server.ts";
import { cpuMs } from "#test/support/cpu-ms.ts";
import { growthOf, LINEAR_GROWTH_MAX } from "#test/support/growth.ts";

const EIGHT = "/api/v1/subaccounts/demo/messages";
const NATIVE = "/ft/v1/messages";
const headers = { authorization: "Bearer demo-key", "content-type": "application/json" };
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

const members = (count: number) =>
  Array.from({ length: count }, (_, index) => `"k${index}":0`).join();

async function post(url: string, payload: string) {
  const { request } = startApiServer();
  const { statusCode: status, body } = await request({ method: "POST", url, headers, payload });
  return { status, body };
}

/** Posts a body of a size; its answer does not matter. */
function poster(url: string, body: (size: number) => string) {
  const { request } = startApiServer();
  return (size: number) => request({ method: "POST", url, headers, payload: body(size) });
}

it.each([
  [EIGHT, (rich: string) => `{"type":"text","content":{"text":"Hi","rich":${rich}}}`],
  [`${EIGHT}/batch`, (rich: string) => `{"messages":[${rich}]}`],
  [NATIVE, (rich: string) => `{"content":{"type":"IMAGE","rich":${rich}}}`],
  [`${NATIVE}/batch`, (rich: string) => `{"messages":[${rich}]}`],
  [`${NATIVE}/m-1/cancel`, (rich: string) => rich],
  ["/ft/v1/rehearsals", (rich: string) => `{"message":${rich}}`],
])("%s refuses a body that is nested deeper than anything recurses", async (url, body) => {
  expect(await post(url, body(nested(30_000)))).toMatchObject({
    status: 400,
    body: expect.stringContaining("nested deeper than 64 levels"),
  });
  expect((await post(url, body(nested(40)))).body).not.toContain("nested deeper");
});

it("tells of a batch's template no more faults than it takes time to read", async () => {
  const steps = "0,".repeat(500_000);
  const before = cpuMs();
  const answer = await post(
    `${NATIVE}/batch`,
    `{"template":{"steps":[${steps}0]},"messages":[{}]}`,
  );
  expect(answer).toMatchObject({
    status: 413,
    body: expect.stringContaining("larger than 256 KiB"),
  });
  expect(cpuMs() - before).toBeLessThan(5_000);
});

it.each([EIGHT, NATIVE])("%s refuses an object that is wider than any", async (url) => {
  const body = expect.stringContaining("more than 1000 members");
  expect(await post(url, `{"user":{${members(1_001)}}}`)).toMatchObject({ status: 400, body });
  expect((await post(url, `{"user":{${members(1_000)}}}`)).body).not.toContain("members");
});

it.each([EIGHT, NATIVE, "/ft/v1/rehearsals"])(
  "%s refuses a body of more values than any message has",
  async (url) => {
    const body = expect.stringContaining("more than 10000 values");
    expect(await post(url, `{"user":[${"[],".repeat(10_000)}[]]}`)).toMatchObject({
      status: 400,
      body,
    });
    expect((await post(url, `{"user":[${"[],".repeat(9_900)}[]]}`)).body).not.toContain("values");
  },
);

it.each([
  [EIGHT, (list: string) => `{"type":"text","content":{"text":"Hi","rich":${list}}}`],
  [NATIVE, (list: string) => `{"content":{"type":"INTERACTIVE","rich":{"x":${list}}}}`],
  [NATIVE, (list: string) => `{"recipient":{"msisdn":"+6599990000"},"steps":${list}}`],
  ["/ft/v1/rehearsals", (list: string) => `{"message":{"unknown":${list}}}`],
])("what %s does grows no faster than the body", async (url, body) => {
  const run = poster(url, (size) => body(`[${"{},".repeat(size)}{}]`));
  expect(await growthOf(run, 1_200)).toBeLessThan(LINEAR_GROWTH_MAX);
});

it.each([
  ["combining accents", "e\u0301"],
  ["what NFC makes longer", "\u0344"],
  ["quotes that a phone lacks", "\u2019"],
  ["halves of emoji's pairs", "\ud83d\ude00"],
])("what a text of %s costs grows no faster than the text", async (_, unit) => {
  const body = (length: number) =>
    JSON.stringify({
      recipient: { msisdn: "+6599990000" },
      content: { text: unit.repeat(length / unit.length) },
      smsText: "gsm-friendly",
      steps: [{ channel: "sms" }],
    });
  expect(await growthOf(poster(NATIVE, body), 8_000)).toBeLessThan(LINEAR_GROWTH_MAX);
});

it("tells of a template with thousands of parameters that they are too many, once", async () => {
  const components = [{ type: "body", parameters: Array.from({ length: 5_000 }, () => 0) }];
  const rich = { template: { name: "a", language: "en", components } };
  const content = { type: "TEMPLATE", rich };
  const answer = await post(
    NATIVE,
    JSON.stringify({
      recipient: { msisdn: "+6599990000" },
      content,
      steps: [{ channel: "whatsapp" }],
    }),
  );
  expect(answer.status).toBe(422);
  expect(JSON.parse(answer.body).faults).toEqual([
    expect.objectContaining({
      code: "bad-template-parameter",
      path: "/content/template/components",
    }),
  ]);
});

it.each([
  [`${EIGHT}/%zz`, { code: 1000, errorId: expect.any(String) }],
  [`${NATIVE}/%zz`, { code: "bad-request", status: 400 }],
])("%s answers in its dialect that the path cannot be decoded", async (url, body) => {
  const answer = await startApiServer().request({ url, headers });
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject(body);
  expect(answer.body).toContain("percent sign");
});

it("finds messages by an id as long as an id may be", async () => {
  const asked: string[] = [];
  const { request } = startApiServer({
    find: async (messageId) => {
      asked.push(messageId);
      return null;
    },
  });
  const messageId = "м/".repeat(128);
  await request({ url: `${NATIVE}/${encodeURIComponent(messageId)}`, headers });
  expect(asked).toEqual([messageId]);
});

it.each([
  [EIGHT, { code: 1000 }],
  [NATIVE, { code: "bad-request" }],
])(
  "%s answers an id that is too long in its dialect, and logs none of it",
  async (path, answer) => {
    const { request, logged } = startApiServer();
    const url = `${path}/${"x".repeat(2_305)}`;
    const { statusCode, body } = await request({ method: "GET", url, headers });
    expect([statusCode, JSON.parse(body)]).toEqual([414, expect.objectContaining(answer)]);
    expect(logged.join("")).not.toContain("x".repeat(301));
  },
);
