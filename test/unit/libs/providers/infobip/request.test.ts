// What is sent to Infobip is what Infobip's own description takes, member by member.
import { describe, expect, it } from "vitest";
import { infobipRequest } from "#libs/providers/infobip/request.ts";
import { commandFor } from "#test/support/dispatch-command.ts";
import {
  buttonOf,
  headerOf,
  infobipCommands,
  saying,
  sayingRich,
  templateOf,
  url,
} from "#test/support/infobip-commands.ts";
import { requestReferee } from "#test/support/vendor-requests.ts";

const REPORT_URL = "https://hooks.example.com/receipts/infobip/0123";
const BY = { provider: "infobip.1", reportUrl: REPORT_URL };
const referees = new Map(
  ["sms", "viber", "rcs", "whatsapp"].map((channel) => [
    channel,
    requestReferee(`infobip/infobip-${channel}-openapi.json`),
  ]),
);
type Sample = keyof typeof infobipCommands;
const samples = Object.keys(infobipCommands) as Sample[];

function sampleRequest(name: Sample) {
  return infobipRequest(infobipCommands[name], BY);
}

function requestOf(...given: Parameters<typeof saying>) {
  return infobipRequest(saying(...given), BY);
}

function rich(...given: Parameters<typeof sayingRich>) {
  return infobipRequest(sayingRich(...given), BY);
}

function faultsOf(content: object): string[] {
  const messages = [{ sender: "A", destinations: [{ to: "1" }], content }];
  return referees.get("viber")!("/viber/2/messages", { messages });
}

describe.skipIf([...referees.values()].includes(undefined))("by Infobip's description", () => {
  it.each(samples)("%s is what Infobip takes", (name) => {
    const { path, body: posted } = sampleRequest(name)!;
    const [, channel = ""] = path.split("/");
    expect(referees.get(channel)!(path, JSON.parse(JSON.stringify(posted)))).toEqual([]);
  });

  it("the referee knows what is too much, and what a kind of content lacks", () => {
    expect(faultsOf({ type: "TEXT", text: "Hello" })).toEqual([]);
    expect(faultsOf({ type: "TEXT", txt: "Hello" })).not.toEqual([]);
    expect(faultsOf({ type: "TEXT", text: "Hello", mediaUrl: url })).not.toEqual([]);
    expect(faultsOf({ type: "IMAGE", text: "Hello" })).not.toEqual([]);
    const { path, body: posted } = sampleRequest("WhatsApp: a template")!;
    const altered = (from: string, to: string) => {
      const text = JSON.stringify(posted);
      expect(text).toContain(from);
      return referees.get("whatsapp")!(path, JSON.parse(text.replace(from, to)));
    };
    expect(altered('"mediaUrl"', '"link"')).not.toEqual([]);
    expect(altered('"QUICK_REPLY"', '"URLS"')).not.toEqual([]);
    expect(altered('"notifyUrl"', '"reportUrl"')).not.toEqual([]);
  });
});

it("says who sends what to whom under which id, how long, and where it is to be told", () => {
  expect(sampleRequest("Viber: a text")).toEqual({
    path: "/viber/2/messages",
    body: {
      messages: [
        {
          sender: "FALLTHRU",
          destinations: [
            { to: "6599990000", messageId: expect.stringMatching(/^viber\.m:0\.[0-9a-f]{12}$/) },
          ],
          content: { type: "TEXT", text: "Hello" },
          options: { validityPeriod: { amount: 60, timeUnit: "SECONDS" } },
          webhooks: {
            delivery: { url: REPORT_URL },
            contentType: "application/json",
            seen: { url: REPORT_URL },
            callbackData: "m:0",
          },
        },
      ],
    },
  });
  expect(sampleRequest("WhatsApp: a text")).toEqual({
    path: "/whatsapp/1/message/text",
    body: {
      from: "FALLTHRU",
      to: "6599990000",
      messageId: expect.stringMatching(/^whatsapp\.m:0\.[0-9a-f]{12}$/),
      content: { text: "Hello" },
      callbackData: "m:0",
      notifyUrl: REPORT_URL,
    },
  });
});

it("never asks Infobip for a way out of its own, whatever the content says", () => {
  const odd = rich("viber", "IMAGE", { url, smsFailover: { text: "No" }, options: {} }, "Hello");
  expect(JSON.stringify([odd, samples.map(sampleRequest)])).not.toMatch(/failover/i);
});

function idOf(messageId: string): string {
  const request = requestOf("sms", { text: "Hello" }, { messageId });
  return /"messageId":"([^"]+)"/.exec(JSON.stringify(request))?.[1] ?? "";
}

it("has one id for all calls of an attempt, which is never longer than Infobip keeps", () => {
  const long = "m".repeat(250);
  expect(idOf(long)).toBe(idOf(long));
  expect(idOf(long).length).toBeLessThanOrEqual(200);
  expect(idOf(`${long}2`)).not.toBe(idOf(long));
  expect(idOf("a b")).toMatch(/^sms\.[0-9a-f]{64}$/);
});

it("has another id by another connection, which may be of the same account at Infobip", () => {
  const command = commandFor({ channel: "sms", recipient: "+6599990000" });
  const bodyBy = (provider: string) =>
    JSON.stringify(infobipRequest(command, { ...BY, provider })?.body);
  expect(bodyBy("infobip.a")).toBe(bodyBy("infobip.a"));
  expect(bodyBy("infobip.a")).not.toBe(bodyBy("infobip.b"));
});

it("names a person without a number by the id that WhatsApp gave", () => {
  const command = commandFor({ channel: "whatsapp", recipient: "" });
  const recipient = { msisdn: null, country: null, channelUserIds: { whatsapp: "US.1349" } };
  expect(infobipRequest({ ...command, recipient }, BY)?.body).toMatchObject({
    to: "US.1349",
  });
  const nowhere = { ...command, channel: "viber", recipient };
  expect(infobipRequest(nowhere, BY)).toBeUndefined();
});

it("is none for content that Infobip has no words for", () => {
  const interactive = { type: "flow", body: { text: "Well?" }, action: {} };
  expect(rich("viber", "VIDEO", { url })).toBeNull();
  expect(rich("viber", "INTERACTIVE", { interactive })).toBeNull();
  expect(rich("viber", "TEMPLATE", templateOf(headerOf({ type: "text", text: "42" })))).toBeNull();
  expect(rich("rcs", "LOCATION", { location: {} })).toBeNull();
  expect(rich("rcs", "TEXT", { suggestions: [{ action: { danceAction: {} } }] }, "A")).toBeNull();
  expect(rich("whatsapp", "INTERACTIVE", { interactive })).toBeNull();
  expect(rich("whatsapp", "IMAGE", { image: { id: "42" } })).toBeNull();
  const flow = buttonOf(0, "flow", { type: "action", action: {} });
  expect(rich("whatsapp", "TEMPLATE", templateOf(flow))).toBeNull();
  expect(requestOf("telegram", { text: "Hello" })).toBeNull();
});

it("leaves reports to the account's subscriptions where no address is told", () => {
  const command = commandFor({ channel: "viber", recipient: "+6599990000" });
  expect(JSON.stringify(infobipRequest(command, { ...BY, reportUrl: undefined }))).not.toContain(
    "url",
  );
});
