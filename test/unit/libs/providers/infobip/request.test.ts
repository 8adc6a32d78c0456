// What is sent to Infobip is what Infobip's own description takes, member by member.
import { describe, expect, it } from "vitest";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { infobipRequest } from "#libs/providers/infobip/request.ts";
import { commandFor } from "#test/support/dispatch-command.ts";
import { requestReferee } from "#test/support/vendor-requests.ts";

type Content = DispatchCommand["content"];

const REPORT_URL = "https://hooks.example.com/receipts/infobip/0123";
const referees = new Map(
  ["sms", "viber", "rcs", "whatsapp"].map((channel) => [
    channel,
    requestReferee(`infobip/infobip-${channel}-openapi.json`),
  ]),
);

function requestOf(
  channel: string,
  said: Partial<Content>,
  more: Partial<Omit<DispatchCommand, "recipient">> = {},
) {
  const content: Content = { type: "TEXT", text: null, richJson: null, smsEncoding: null, ...said };
  const given = { channel, recipient: "+6599990000", messageId: "m", content, ...more };
  return infobipRequest(commandFor(given), REPORT_URL);
}

function rich(channel: string, type: Content["type"], said: object, text: string | null = null) {
  return requestOf(channel, { type, richJson: JSON.stringify(said), text });
}

const url = "https://a.example/files/a.pdf";
const button = { caption: "Open", action: "https://a.example" };
const parameters = [{ type: "text", text: "42" }];
const body = { type: "body", parameters };
const reply = { reply: { text: "Yes", postbackData: "yes" } };
const actionOf = (name: string, own: object) => ({
  action: { text: "Go", postbackData: "go", [name]: own },
});
const suggestions = [
  reply,
  actionOf("openUrlAction", {
    url: "https://a.example",
    application: "WEBVIEW",
    webviewViewMode: "FULL",
  }),
  actionOf("dialAction", { phoneNumber: "+12025551234" }),
  actionOf("viewLocationAction", { latLong: { latitude: 1, longitude: 2 }, label: "Here" }),
];
const more = [
  actionOf("shareLocationAction", {}),
  actionOf("createCalendarEventAction", {
    startTime: "2026-12-01T10:00:00Z",
    endTime: "2026-12-01T11:00:00Z",
    title: "Meet",
    description: "Us",
  }),
];
const card = {
  title: "New",
  description: "Shoes",
  media: { height: "short", contentInfo: { fileUrl: url, thumbnailUrl: url } },
  suggestions,
};
const listed = [{ title: "All", rows: [{ id: "1", title: "One", description: "The first" }] }];
const onWhatsapp = (interactive: object) => rich("whatsapp", "INTERACTIVE", { interactive });
const templateOf = (...components: object[]) => ({
  template: { name: "order", language: "en_US", components },
});
const headerOf = (parameter: object) => ({ type: "header", parameters: [parameter] });
const buttonOf = (index: number, subType: string, parameter: object) => ({
  type: "button",
  subType,
  index,
  parameters: [parameter],
});

const requests = {
  "an SMS": requestOf("sms", { text: "Hello" }, { ttlSeconds: 600 }),
  "an SMS without a sender": requestOf("sms", { text: "Hello" }, { sender: null }),
  "Viber: a text": requestOf("viber", { text: "Hello" }, { ttlSeconds: 60 }),
  "Viber: an image": rich("viber", "IMAGE", { url }, "A caption"),
  "Viber: a video": rich("viber", "VIDEO", { url, video: { thumbnail: url, duration: 9 } }),
  "Viber: a file": rich("viber", "FILE", { url }),
  "Viber: a text with a button": rich("viber", "INTERACTIVE", { button }, "Hello"),
  "Viber: an image with a button": rich("viber", "INTERACTIVE", { url, button }, "Hello"),
  "Viber: an image whose button says nothing": rich(
    "viber",
    "INTERACTIVE",
    { url, button: { caption: "", action: "" } },
    "Hello",
  ),
  "Viber: a template": rich("viber", "TEMPLATE", templateOf(body)),
  "RCS: a text": requestOf("rcs", { text: "Hello" }, { ttlSeconds: 60 }),
  "RCS: a text with suggestions": rich("rcs", "TEXT", { suggestions }, "Hello"),
  "RCS: more suggestions": rich("rcs", "TEXT", { suggestions: more }, "Hello"),
  "RCS: a file": rich("rcs", "FILE", { file: { url, thumbnail: url } }),
  "RCS: an image with words": rich("rcs", "IMAGE", { url }, "A caption"),
  "RCS: a card": rich("rcs", "RICH_CARD", {
    richCard: { cardOrientation: "horizontal", thumbnailImageAlignment: "right", ...card },
    suggestions: [reply],
  }),
  "RCS: a carousel": rich("rcs", "CAROUSEL", {
    carousel: { cardWidth: "small", cards: [card, { title: "Old", media: card.media }] },
  }),
  "RCS: a template": rich("rcs", "TEMPLATE", templateOf(body)),
  "WhatsApp: a text": requestOf("whatsapp", { text: "Hello" }),
  "WhatsApp: an image": rich("whatsapp", "IMAGE", { url }, "A caption"),
  "WhatsApp: a video": rich("whatsapp", "VIDEO", { video: { link: url } }),
  "WhatsApp: an audio": rich("whatsapp", "AUDIO", { url }),
  "WhatsApp: a document": rich("whatsapp", "FILE", { file: { url, filename: "a.pdf" } }, "Yours"),
  "WhatsApp: a place": rich("whatsapp", "LOCATION", {
    location: { latitude: 1, longitude: 2, name: "Here", address: "1 Road" },
  }),
  "WhatsApp: buttons": onWhatsapp({
    type: "button",
    header: { type: "image", image: { link: url } },
    body: { text: "Well?" },
    footer: { text: "Us" },
    action: { buttons: [{ type: "reply", reply: { id: "1", title: "Yes" } }] },
  }),
  "WhatsApp: a list": onWhatsapp({
    type: "list",
    header: { type: "text", text: "Choose" },
    body: { text: "Well?" },
    action: { button: "Open", sections: listed },
  }),
  "WhatsApp: a template": rich(
    "whatsapp",
    "TEMPLATE",
    templateOf(
      headerOf({ type: "image", url }),
      body,
      buttonOf(1, "url", { type: "text", text: "42" }),
      buttonOf(0, "quick_reply", { type: "payload", payload: "yes" }),
    ),
  ),
  "WhatsApp: a template with a document and a code": rich(
    "whatsapp",
    "TEMPLATE",
    templateOf(
      headerOf({ type: "document", document: { link: url, filename: "a.pdf" } }),
      buttonOf(0, "copy_code", { type: "coupon_code", coupon_code: "SAVE" }),
    ),
  ),
  "WhatsApp: a template with a place": rich(
    "whatsapp",
    "TEMPLATE",
    templateOf(headerOf({ type: "location", location: { latitude: 1, longitude: 2 } }), body),
  ),
};

function faultsOf(content: object): string[] {
  const messages = [{ sender: "A", destinations: [{ to: "1" }], content }];
  return referees.get("viber")!("/viber/2/messages", { messages });
}

describe.skipIf([...referees.values()].includes(undefined))("by Infobip's description", () => {
  it.each(Object.entries(requests))("%s is what Infobip takes", (_name, request) => {
    const { path, body: posted } = request!;
    const [, channel = ""] = path.split("/");
    expect(referees.get(channel)!(path, JSON.parse(JSON.stringify(posted)))).toEqual([]);
  });

  it("the referee knows what is too much, and what a kind of content lacks", () => {
    expect(faultsOf({ type: "TEXT", text: "Hello" })).toEqual([]);
    expect(faultsOf({ type: "TEXT", txt: "Hello" })).not.toEqual([]);
    expect(faultsOf({ type: "TEXT", text: "Hello", mediaUrl: url })).not.toEqual([]);
    expect(faultsOf({ type: "IMAGE", text: "Hello" })).not.toEqual([]);
    const { path, body: posted } = requests["WhatsApp: a template"]!;
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
  expect(requests["Viber: a text"]).toEqual({
    path: "/viber/2/messages",
    body: {
      messages: [
        {
          sender: "FALLTHRU",
          destinations: [{ to: "6599990000", messageId: "viber.m:0" }],
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
  expect(requests["WhatsApp: a text"]).toEqual({
    path: "/whatsapp/1/message/text",
    body: {
      from: "FALLTHRU",
      to: "6599990000",
      messageId: "whatsapp.m:0",
      content: { text: "Hello" },
      callbackData: "m:0",
      notifyUrl: REPORT_URL,
    },
  });
});

it("never asks Infobip for a way out of its own, whatever the content says", () => {
  const odd = rich("viber", "IMAGE", { url, smsFailover: { text: "No" }, options: {} }, "Hello");
  expect(JSON.stringify([odd, requests])).not.toMatch(/failover/i);
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

it("names a person without a number by the id that WhatsApp gave", () => {
  const command = commandFor({ channel: "whatsapp", recipient: "" });
  const recipient = { msisdn: null, country: null, channelUserIds: { whatsapp: "US.1349" } };
  expect(infobipRequest({ ...command, recipient }, REPORT_URL)?.body).toMatchObject({
    to: "US.1349",
  });
  const nowhere = { ...command, channel: "viber", recipient };
  expect(infobipRequest(nowhere, REPORT_URL)).toBeUndefined();
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
  expect(JSON.stringify(infobipRequest(command, undefined))).not.toContain("url");
});
