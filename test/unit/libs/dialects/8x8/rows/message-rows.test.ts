import { assert, describe, expect, it } from "vitest";
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { nothingOwn } from "#libs/contracts/own-of-step.ts";
import { messageRows } from "#libs/dialects/8x8/rows/message-rows.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { demoView } from "#test/support/demo-settings.ts";
import {
  cancel,
  entryAfter,
  faultOf,
  report,
  START,
  sent,
  threeSteps,
  tick,
} from "#test/support/journal-entry.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const account = demoView().findAccount("demo");
assert(account);
const owner = account;

function rows(inputs: FallbackInput[], request: Partial<SendRequest> = {}) {
  const message = { entry: entryAfter(inputs), request: storedRequest(request) };
  return messageRows(message, owner);
}

const scheduled = sent(threeSteps, { scheduledAt: START + 60_000 });
const statuses = (...inputs: FallbackInput[]) =>
  rows([sent(threeSteps), ...inputs]).map(({ status }) => status);

it("has one row per attempted channel, oldest first", () => {
  const inputs = [
    sent(threeSteps),
    report(0, "DELIVERED", 900),
    tick(60_000),
    report(1, "UNDELIVERED", 61_000, { errorCode: "2009", errorClass: "PERMANENT" }),
  ];
  const shared = {
    umid: "m-1",
    subAccountId: "demo",
    channelId: "FALLTHRU",
    direction: "outbound",
    user: { msisdn: "+65*****567" },
    contentType: "Text",
    content: "**MASKED**",
    createdAt: "2026-11-21T12:00:00.000Z",
    clientMessageId: "c-1",
    batchId: "b-1",
    clientBatchId: "cb-1",
  };
  const ids = { clientMessageId: "c-1", batchId: "b-1", clientBatchId: "cb-1" };
  expect(rows(inputs, ids)).toEqual([
    {
      ...shared,
      channel: "WhatsApp",
      status: {
        state: "delivered",
        detail: "delivered_to_recipient",
        timestamp: "2026-11-21T12:00:00.900Z",
      },
      step: 1,
    },
    {
      ...shared,
      channel: "Viber",
      status: {
        state: "undelivered",
        detail: "undelivered_to_recipient",
        timestamp: "2026-11-21T12:01:01.000Z",
        errorCode: 15,
        errorMessage: "Invalid destination (provider's code 2009)",
      },
      step: 2,
    },
    {
      ...shared,
      channel: "SMS",
      status: { state: "queued", timestamp: "2026-11-21T12:01:01.000Z" },
      step: 3,
    },
  ]);
});

describe("the state of an attempt", () => {
  it.each([
    ["ACCEPTED", { state: "queued" }],
    ["SENT", { state: "sent" }],
    ["READ", { state: "read" }],
    ["REJECTED", { state: "rejected", errorCode: 57 }],
    ["FAILED", { state: "undelivered", detail: "rejected_by_operator", errorCode: 57 }],
    ["EXPIRED", { state: "undelivered", errorCode: 36 }],
  ] as const)("is told for %s in 8x8's words", (status, expected) => {
    expect(statuses(report(0, status, 10))[0]).toMatchObject(expected);
  });
});

describe("what no provider says", () => {
  const onItsWay = report(0, "ACCEPTED", 10);
  const isSent = report(0, "SENT", 20);

  it.each([
    ["canceled", [onItsWay, isSent, cancel(30)], [["undelivered", 25]]],
    ["canceled, and sent after that", [onItsWay, cancel(15), isSent], [["undelivered", 25]]],
    ["canceled, and read after that", [cancel(15), report(0, "READ", 30)], [["read", undefined]]],
    [
      "left by time",
      [isSent, tick(60_000)],
      [
        ["undelivered", 36],
        ["queued", undefined],
      ],
    ],
    [
      "left by time, and sent after that",
      [onItsWay, tick(60_000), report(0, "SENT", 60_001)],
      [
        ["undelivered", 36],
        ["queued", undefined],
      ],
    ],
  ] as const)("is in the row as a webhook hears it: %s", (_, inputs, expected) => {
    const told = statuses(...inputs).map(({ state, errorCode }) => [state, errorCode]);
    expect(told).toEqual(expected);
  });
});

describe("a message of which nothing was started", () => {
  it.each([
    ["waits for its time", [scheduled], "queued", undefined],
    ["was refused", [sent([], { faults: [faultOf("unknown-flow")] })], "rejected", 18],
    ["was canceled", [scheduled, cancel(10)], "undelivered", 25],
    ["was canceled before it came", [cancel(0), sent(threeSteps)], "undelivered", 25],
    ["is over", [{ ...scheduled, expiresAt: START + 10 }, tick(10)], "undelivered", 36],
  ] as const)("has one row that says so when it %s", (_, inputs, state, errorCode) => {
    const found = rows([...inputs]);
    expect(found).toHaveLength(1);
    const [row] = found;
    expect(row).toMatchObject({ channel: "WhatsApp", step: 1, status: { state } });
    expect(row?.status.errorCode).toBe(errorCode);
  });
});

it("shows the kind of content that each step has said", () => {
  const said = {
    type: "TEMPLATE",
    text: null,
    richJson: "{}",
    fallbackText: "x",
    sms: null,
  } as const;
  const bySms = { ...said, type: "TEXT", text: "x" } as const;
  const blank = { sender: null, waitSeconds: 60, ttlSeconds: null, ...nothingOwn } as const;
  const step = { ...blank, wanted: "READ", onFailure: "NEXT" } as const;
  const steps = [
    { ...step, channel: "whatsapp" },
    { ...step, channel: "viber", content: bySms },
  ];
  const found = rows([sent(threeSteps), tick(60_000)], { content: said, steps });
  expect(found.map(({ contentType, content }) => [contentType, content])).toEqual([
    ["Template", "**MASKED**"],
    ["Text", "**MASKED**"],
  ]);
});

it.each([
  ["INTERACTIVE", '{"interactive":{"type":"list"}}', "List"],
  ["INTERACTIVE", '{"interactive":{"type":"cta_url"}}', "Buttons"],
  ["INTERACTIVE", "not JSON", "Buttons"],
  ["RICH_CARD", '{"richCard":{}}', "RichCard"],
  ["LOCATION", null, "Location"],
] as const)("shows content of kind %s, %s as %s", (type, richJson, contentType) => {
  const content = { type, text: null, richJson, fallbackText: null, sms: null };
  expect(rows([sent(threeSteps)], { content })).toMatchObject([{ contentType }]);
});

it("leaves out what does not apply, rather than null", () => {
  const byId = { msisdn: null, country: null, channelUserIds: { whatsapp: "US.1" } };
  const found = rows([sent(threeSteps)], { recipient: byId });
  expect(JSON.stringify(found)).not.toContain("null");
  expect(found).toMatchObject([{ user: { channelUserId: expect.stringMatching(/^\*+$/) } }]);
});
