// What vendors' answers have no room for stands in a header.
import type { InjectOptions } from "fastify";
import { describe, expect, it } from "vitest";
import { signedCall } from "#test/support/alibaba-signer.ts";
import { startApiServer } from "#test/support/api-server.ts";

const bearer = { authorization: "Bearer demo-key" };
const post = (url: string, headers: Record<string, string>, payload: object): InjectOptions => {
  return { method: "POST", url, headers, payload };
};

const toInfobip = (...numbers: string[]) => {
  const destinations = numbers.map((to) => ({ to }));
  const content = { body: { type: "TEXT", text: "Hello" } };
  const messages = [{ channel: "SMS", sender: "FALLTHRU", destinations, content }];
  return post("/messages-api/1/messages", { authorization: "App demo-key" }, { messages });
};
const to8x8 = (...numbers: string[]) => {
  const messages = numbers.map((msisdn) => ({
    user: { msisdn },
    type: "text",
    content: { text: "Hello" },
    channels: [{ channel: "SMS" }],
  }));
  return post("/api/v1/subaccounts/demo/messages/batch", bearer, { messages });
};
const toAlibaba = (...numbers: string[]) => {
  const template = { ChannelType: "whatsapp", TemplateCode: "order_update", Language: "en" };
  const SenderList = JSON.stringify(numbers.map((To) => ({ To, TemplateParams: { a: "1" } })));
  const form = { ...template, From: "FALLTHRU", SenderList };
  return signedCall({ form }, { action: "SendChatappMassMessage" });
};

async function told(send: InjectOptions, deps: Parameters<typeof startApiServer>[0] = {}) {
  const { headers } = await startApiServer(deps).request(send);
  const header = headers["fallthrough-warnings"];
  return header === undefined ? [] : JSON.parse(String(header));
}

describe("one person in two messages of a batch", () => {
  const first = "6591234567";

  it.each([
    ["Infobip", toInfobip(first, "12", "+6591234567")],
    ["8x8", to8x8("12", first, "+65 9123 4567")],
  ])("is told %s's clients, by the place that the batch has it at", async (_, send) => {
    expect(await told(send)).toEqual([
      { code: "same-number", path: "/messages/2", detail: expect.stringContaining("the person") },
    ]);
  });

  it("is told Alibaba's clients", async () => {
    const codes = await told(toAlibaba(first, "6591234568", first));
    expect(codes).toMatchObject([{ code: "same-number", path: "/messages/2" }]);
  });

  it("is told twenty times at most, for clients that take no large headers", async () => {
    const many = Array.from({ length: 100 }, () => first);
    expect(await told(to8x8(...many))).toHaveLength(20);
  });
});

describe("the header", () => {
  const twice = to8x8("6591234567", "6591234567");

  it("is not there where there is nothing to say", async () => {
    expect(await told(toInfobip("6591234567"))).toEqual([]);
  });

  it("is not there where nothing is accepted", async () => {
    const away = { accept: () => Promise.reject(new Error("away")) };
    expect(await told(twice, away)).toEqual([]);
  });
});
