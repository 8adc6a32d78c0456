import { describe, expect, it } from "vitest";
import { signedCall } from "#test/support/alibaba-signer.ts";
import { startApiServer as start } from "#test/support/api-server.ts";
import { entryAfter, report, sent, step } from "#test/support/journal-entry.ts";
import { requestedStep } from "#test/support/requested-step.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const senderAt = (index: number) => {
  const To = `65${90_000_000 + index}`;
  return { To, TemplateParams: Object.fromEntries("abcdefghij".split("").map((a) => [a, To])) };
};
const list = (form: Record<string, string>) =>
  signedCall({ query: form }, { action: "ListChatappMessage" });

describe("Alibaba: sending to many", () => {
  const common = {
    ChannelType: "whatsapp",
    TemplateCode: "order_update",
    Language: "en",
    From: "FALLTHRU",
    FallBackContent: "By SMS",
  };
  const many = (senders: unknown) => {
    const form = { ...common, SenderList: JSON.stringify(senders) };
    return signedCall({ form }, { action: "SendChatappMassMessage" });
  };
  it("takes a thousand, each with ten variables of its own", async () => {
    const { request, accepted } = start();
    const answer = await request(
      many(Array.from({ length: 1_000 }, (_, index) => senderAt(index))),
    );
    expect(answer.json()).toEqual({
      RequestId: expect.any(String),
      Code: "OK",
      Message: "OK",
      GroupMessageId: accepted[0]?.request.batchId,
    });
    expect(new Set(accepted.map((each) => each.request.messageId)).size).toBe(1_000);
    expect(accepted[999]?.request).toMatchObject({ recipient: { msisdn: "+6590000999" } });
    expect(accepted[999]?.request.content?.richJson).toContain("6590000999");
  });

  it.each<[string, unknown, string, RegExp]>([
    ["no list", "all", "InvalidParameter.SenderList", /1 to 1000/],
    ["nobody", [], "InvalidParameter.SenderList", /1 to 1000/],
    [
      "1,001",
      Array.from({ length: 1_001 }, (_, index) => senderAt(index)),
      "InvalidParameter.SenderList",
      /1 to 1000/,
    ],
    ["one who is none", [senderAt(1), 7], "InvalidParameter.SenderList", /^SenderList\[1\]/],
    ["a wrong number", [senderAt(1), { To: "12" }], "InvalidParameter.To", /^SenderList\[1\]/],
    [
      "what is not served",
      [{ ...senderAt(1), Payload: ["a"] }],
      "UnsupportedParameter.Payload",
      /^SenderList\[0\]/,
    ],
  ])("takes none where the list has %s", async (_, senders, code, words) => {
    const { request, accepted } = start();
    const answer = await request(many(senders));
    expect([answer.statusCode, answer.json().Code]).toEqual([400, code]);
    expect(answer.json().Message).toMatch(words);
    expect(accepted).toEqual([]);
  });
});

describe("Alibaba: listing", () => {
  const steps = [step("whatsapp", 60_000, "DELIVERED"), step("sms", null, "DELIVERED")];
  const failed = report(0, "FAILED", 200, { errorCode: "131026", errorText: "not a user" });
  const fellBack = {
    entry: entryAfter([sent(steps), failed]),
    request: storedRequest({
      steps: steps.map(({ channel }) =>
        requestedStep(channel, { content: { ...storedRequest().content, text: "By SMS" } }),
      ),
    }),
  };
  const read = {
    entry: entryAfter([sent(steps), report(0, "READ", 200)]),
    request: storedRequest({ batchId: "group-1" }),
  };

  function found(form: Record<string, string>) {
    const server = start({
      list: async (_, { matches, countMax }) => {
        const messages = [fellBack, read].filter(matches).slice(0, countMax);
        return { messages, next: null };
      },
    });
    return server.request(list(form));
  }

  it("says whether the SMS followed and why", async () => {
    const answer = await found({ ChannelType: "WHATSAPP" });
    expect(answer.json()).toMatchObject({ Code: "OK", Success: true });
    expect(answer.json().Data).toMatchObject([
      {
        MessageId: "m-1",
        UserNumber: "6591234567",
        ChannelType: "whatsapp",
        Type: "message",
        Message: "Hello",
        MessageStatus: "fail",
        FailReason: "not a user",
        FailBackFlag: "Y",
        FailBackContent: "By SMS",
      },
      { MessageStatus: "success", ClientReadStatus: "read", FailBackFlag: "N" },
    ]);
  });

  it.each<[Record<string, string>, number]>([
    [{ MessageStatus: "success" }, 1],
    [{ GroupMessageId: "group-1" }, 1],
    [{ UserNumber: "6590000000" }, 0],
    [{ UserNumber: "6591234567" }, 2],
    [{ UserNumber: "+6591234567" }, 2],
    [{ UserNumber: "+65 9123 4567" }, 2],
    [{ UserNumber: "(+65) 9123-4567" }, 2],
    [{ UserNumber: "US.13491208655302741918" }, 0],
    [{ Page: '{"Index":1,"Size":1}' }, 1],
    [{ "Page.Index": "2", "Page.Size": "1" }, 1],
    [{ "Page.Index": "3", "Page.Size": "1" }, 0],
  ])("by %j finds %d", async (form, count) => {
    expect((await found(form)).json().Data).toHaveLength(count);
  });

  it.each<[Record<string, string>, string]>([
    [{ "Page.Index": "21", "Page.Size": "100" }, "InvalidParameter.Page"],
    [{ CustSpaceId: "another" }, "Ram.PermissionDeny"],
    [{ StartTime: "yesterday" }, "InvalidParameter.StartTime"],
  ])("refuses %j with %s", async (form, code) => {
    expect((await found(form)).json().Code).toBe(code);
  });
});
