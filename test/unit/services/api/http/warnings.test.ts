// What vendors' answers have no room for stands in a header: all that the judge warns of.
import type { InjectOptions } from "fastify";
import { describe, expect, it } from "vitest";
import { demoSettings } from "#libs/settings/demo-account.ts";
import { signedCall } from "#test/support/alibaba-signer.ts";
import { startApiServer } from "#test/support/api-server.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { bearer, ofKaleyra, post, sendsTo } from "#test/support/vendor-sends.ts";

const toInfobip = (numbers: string[], text = "Hello", options?: object) => {
  const destinations = numbers.map((to) => ({ to }));
  const content = { body: { type: "TEXT", text } };
  const messages = [{ channel: "SMS", sender: "FALLTHRU", destinations, content }];
  return post("/messages-api/1/messages", { authorization: "App demo-key" }, { messages, options });
};
const to8x8 = (numbers: string[], text: (index: number) => string = () => "Hello") => {
  const messages = numbers.map((msisdn, index) => ({
    user: { msisdn },
    type: "text",
    content: { text: text(index) },
    channels: [{ channel: "SMS" }],
  }));
  return post("/api/v1/subaccounts/demo/messages/batch", bearer, { messages });
};
const toAlibaba = (numbers: string[], fallback: Record<string, string> = {}) => {
  const template = { ChannelType: "whatsapp", TemplateCode: "order_update", Language: "en" };
  const SenderList = JSON.stringify(numbers.map((To) => ({ To, TemplateParams: { a: "1" } })));
  const form = { ...template, ...fallback, From: "FALLTHRU", SenderList };
  return signedCall({ form }, { action: "SendChatappMassMessage" });
};

async function told(send: InjectOptions, deps: Parameters<typeof startApiServer>[0] = {}) {
  const { headers } = await startApiServer(deps).request(send);
  const header = headers["fallthrough-warnings"];
  return header === undefined ? [] : JSON.parse(String(header));
}

const dear = "It’s here";
const smsText = "gsm-friendly" as const;
const alibaba = {
  ChannelType: "whatsapp",
  Type: "message",
  MessageType: "text",
  Content: JSON.stringify({ text: "Hello" }),
  From: "FALLTHRU",
  To: "6591234567",
  FallBackContent: dear,
};
/** An SMS of each vendor's that one quote makes Unicode, with where its text stands. */
const dearSends: readonly [name: string, InjectOptions, path: string][] = (() => {
  const sends = sendsTo("6591234567", dear);
  return [
    ["8x8", sends["8x8"], "content.text"],
    ["infobip", sends.infobip, "/messages/0"],
    ["vonage", sends.vonage, "text"],
    ["vonage-dispatch", sends["vonage-dispatch"], "workflow[1].message.content.text"],
    ["kaleyra", sends.kaleyra, "/input/send2"],
    ["alibaba", signedCall({ form: alibaba }), "FallBackContent"],
  ];
})();

describe("what the judge warns of", () => {
  it.each(dearSends)("is told clients of %s", async (_, send, path) => {
    const warnings = await told(send, { settings: demoView(...ofKaleyra) });
    expect(warnings).toContainEqual({
      code: "sms-in-unicode",
      path,
      detail: expect.stringContaining("would be 1 in GSM but for"),
    });
  });

  it.each(dearSends)("is told clients of %s where it changes their text", async (_, send, path) => {
    const friendly = demoSettings.flatMap((setting) =>
      setting.kind === "account" ? [{ ...setting, body: { ...setting.body, smsText } }] : [],
    );
    const warnings = await told(send, { settings: demoView(...friendly, ...ofKaleyra) });
    expect(warnings).toContainEqual({
      code: "sms-made-gsm",
      path,
      detail: expect.any(String),
    });
  });

  const { native, ...vendors } = sendsTo("91234567", "Hello");

  it("is in our own answer", async () => {
    const answer = await startApiServer().request(native);
    expect(answer.json().warnings).toMatchObject([{ code: "number-impossible" }]);
  });

  it.each(Object.entries(vendors))(
    "is told clients of %s of a number without its country's code",
    async (_, send) => {
      const warnings = await told(send, { settings: demoView(...ofKaleyra) });
      expect(warnings).toContainEqual({
        code: "number-impossible",
        path: expect.any(String),
        detail: expect.stringMatching(/write the number with its country's code/),
      });
    },
  );

  it("is told 8x8's clients of no number that is local to the country beside it", async () => {
    const send = to8x8(["91234567"], () => "Hello");
    const { messages } = Object(send.payload);
    messages[0].user.country = "SG";
    expect(await told(send)).toEqual([]);
  });

  it("is told Infobip's clients of a sendAt that has passed, once for all destinations", async () => {
    const options = { schedule: { sendAt: "2025-01-01T00:00:00.000+0000" } };
    const numbers = ["12", "6591234567", "6591234568", "6591234569"];
    expect(await told(toInfobip(numbers, "Hello", options))).toEqual([
      {
        code: "schedule-passed",
        path: "/messages/1",
        detail:
          "options.schedule.sendAt has passed: the message starts at once. So it is with 2 more of the batch.",
      },
    ]);
  });

  it("is told of each message of an 8x8 batch by its place", async () => {
    const numbers = ["6591234567", "6591234568", "6591234569"];
    const texts = ["Hello", dear, "Zürich—Genf"];
    expect(await told(to8x8(numbers, (index) => texts[index] ?? ""))).toMatchObject([
      {
        code: "sms-in-unicode",
        path: "/messages/1",
        detail: expect.stringMatching(/^content\.text /),
      },
      { code: "sms-in-unicode", path: "/messages/2" },
    ]);
  });

  it("is in Alibaba's own Message too, of a mass send as of the first", async () => {
    const fallback = { FallBackContent: dear };
    const { request } = startApiServer();
    for (const send of [
      signedCall({ form: alibaba }),
      toAlibaba(["6591234567", "6591234568"], fallback),
    ]) {
      const answer = await request(send);
      expect(answer.json()).toMatchObject({
        Code: "OK",
        Message: expect.stringMatching(/^FallBackContent is 1 SMS in Unicode/),
      });
    }
  });
});

describe("one person in two messages of a batch", () => {
  const first = "6591234567";

  it.each([
    ["Infobip", toInfobip([first, "12", "+6591234567"])],
    ["8x8", to8x8(["12", first, "+65 9123 4567"])],
  ])("is told %s's clients, by the place that the batch has it at", async (_, send) => {
    expect(await told(send)).toEqual([
      { code: "same-number", path: "/messages/2", detail: expect.stringContaining("the person") },
    ]);
  });

  it("is told Alibaba's clients", async () => {
    const codes = await told(toAlibaba([first, "6591234568", first]));
    expect(codes).toMatchObject([{ code: "same-number", path: "/messages/2" }]);
  });

  it("is told twenty times at most, for clients that take no large headers", async () => {
    const many = Array.from({ length: 100 }, () => first);
    expect(await told(to8x8(many))).toHaveLength(20);
  });
});

describe("the header", () => {
  const twice = to8x8(["6591234567", "6591234567"]);

  it("is not there where there is nothing to say", async () => {
    expect(await told(toInfobip(["6591234567"]))).toEqual([]);
  });

  it("keeps to what clients take, however long what it tells is", async () => {
    const numbers = Array.from({ length: 20 }, (_, index) => `65912345${10 + index}`);
    const typography = "‘’‚‛′“”„‟″«»‐‑‒–—―−…";
    const send = to8x8(numbers, (index) => typography.slice(index) + typography.slice(0, index));
    const { headers } = await startApiServer().request(send);
    const header = String(headers["fallthrough-warnings"]);
    expect(header.length).toBeLessThanOrEqual(6 * 1024);
    expect(JSON.parse(header).length).toBeGreaterThan(5);
  });

  it("is not there where nothing is accepted", async () => {
    const away = { accept: () => Promise.reject(new Error("away")) };
    expect(await told(twice, away)).toEqual([]);
  });
});
