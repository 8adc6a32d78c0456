import { assert, expect, it } from "vitest";
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { faultsOf } from "#libs/judgement/judge.ts";
import { warningsOf } from "#libs/judgement/warnings.ts";
import { startApiServer } from "#test/support/api-server.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { START } from "#test/support/journal-entry.ts";
import { requestedStep } from "#test/support/requested-step.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const account = demoView().findAccount("demo");
assert(account);
const sms = requestedStep("sms");

function warned(more: Partial<SendRequest>) {
  const request = storedRequest({ steps: [sms], ...more });
  expect(faultsOf(request, { account, now: START })).toEqual([]);
  return warningsOf(request, account!);
}

const saying = (text: string, source: string | null = null) => ({
  content: { ...storedRequest().content, text, sms: { encoding: "AUTO" as const, source } },
});

it("are told of a schedule that has passed", () => {
  expect(warned({ scheduledAt: START - 1 })).toMatchObject([{ code: "schedule-passed" }]);
  expect(warned({ scheduledAt: START + 1 })).toEqual([]);
});

it("are told of a flow's step that cannot reach the person", () => {
  const recipient = { msisdn: null, country: null, channelUserIds: { whatsapp: "US.1" } };
  expect(warned({ recipient, steps: [] })).toMatchObject([
    { code: "step-out-of-reach", path: "/steps/1" },
  ]);
});

it("name the one character that makes a text Unicode, and what it costs", () => {
  expect(warned(saying(`${"x".repeat(60)} – y`))).toEqual([
    {
      code: "sms-in-unicode",
      path: "/content/text",
      words: 'is 1 SMS in Unicode, and would be 1 in GSM but for "–"',
    },
  ]);
  expect(warned(saying("Caffè ₿"))).toMatchObject([{ code: "sms-in-unicode" }]);
});

it.each(["Hello", "Привет", "你好"])("say nothing of %j, which is of one alphabet", (text) => {
  expect(warned(saying(text))).toEqual([]);
});

it("are told of a sender that no phone shows whole", () => {
  expect(warned(saying("Hello", "ClinicBookings"))).toMatchObject([{ code: "sms-source-cut" }]);
});

const numbered = (msisdn: string | null, channelUserIds = {}) => {
  return { msisdn, country: null, channelUserIds };
};

it.each([
  ["+91234567", "of Singapore without its code, which seems one of India"],
  ["+15550123", "of seven digits in North America"],
  ["+999123456", "of a code that no country has"],
])("are told of a number that nobody can have: %s, %s", (msisdn) => {
  expect(warned({ recipient: numbered(msisdn) })).toMatchObject([
    { code: "number-impossible", path: "/recipient/msisdn" },
  ]);
});

it.each(["+6591234567", "+6500000000", "+4407400123456"])(
  "say nothing of %s, which a number may look like",
  (msisdn) => {
    expect(warned({ recipient: numbered(msisdn) })).toEqual([]);
  },
);

it("are told of a step's own number, and of an id that is a number", () => {
  const steps = [{ ...sms, recipient: numbered("+91234567") }];
  expect(warned({ steps })).toMatchObject([{ path: "/steps/0/recipient/msisdn" }]);
  const recipient = numbered(null, { sms: "+91234567", viber: "91234567" });
  expect(warned({ recipient })).toMatchObject([{ path: "/recipient/channelUserIds/sms" }]);
});

it("go into 8x8's header, whatever characters they name", async () => {
  const { request } = startApiServer();
  const answer = await request({
    method: "POST",
    url: "/api/v1/subaccounts/demo/messages",
    headers: { authorization: "Bearer demo-key" },
    payload: {
      user: { msisdn: "+6591234567" },
      type: "text",
      content: { text: "It’s here" },
      channels: [{ channel: "SMS" }],
      scheduled: "2020-01-01T00:00:00Z",
    },
  });
  expect(answer.statusCode).toBe(200);
  const header = String(answer.headers["fallthrough-warnings"]);
  expect(header).toMatch(/^[\x20-\x7e]+$/);
  expect(JSON.parse(header)).toMatchObject([
    { code: "schedule-passed", path: "scheduled" },
    { code: "sms-in-unicode", detail: expect.stringContaining("’") },
  ]);
});
