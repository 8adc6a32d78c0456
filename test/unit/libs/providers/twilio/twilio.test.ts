// What is sent to Twilio is what Twilio's own description takes, and what it says is understood.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { answerOfTwilio } from "#libs/providers/twilio/answer.ts";
import { parseTwilioReceipt } from "#libs/providers/twilio/receipts.ts";
import { twilioForm } from "#libs/providers/twilio/request.ts";

const FOLDER = process.env["VENDOR_OPENAPI"] ?? "../shared/data/vendor-openapi";
const documented = readDocumented(`${FOLDER}/twilio/twilio_api_v2010.json`);
const SERVICE = `MG${"0".repeat(32)}`;
const statusCallback = "https://hooks.example.com/receipts/twilio/0123";

/** The members of the form that Twilio's description names; undefined, loudly, without it. */
function readDocumented(file: string): Set<string> | undefined {
  try {
    const { paths } = JSON.parse(readFileSync(file, "utf8"));
    const { post } = paths["/2010-04-01/Accounts/{AccountSid}/Messages.json"];
    const form = post.requestBody.content["application/x-www-form-urlencoded"];
    return new Set(Object.keys(form.schema.properties));
  } catch (error) {
    if (Object(error).code !== "ENOENT") throw error;
    console.warn(`SKIPPED: ${file} is not there; VENDOR_OPENAPI names the folder that has it.`);
    return undefined;
  }
}

function formOf(more: Partial<DispatchCommand>, messagingServiceSid?: string) {
  const command: DispatchCommand = {
    commandId: "m:0",
    messageId: "m",
    attemptIndex: 0,
    accountId: "demo",
    channel: "sms",
    sender: "ACME",
    recipient: { msisdn: "+6599990000", country: null, channelUserIds: {} },
    content: { type: "TEXT", text: "Hello", richJson: null, smsEncoding: null },
    ttlSeconds: null,
    waitMs: null,
    notAfter: 1,
    onUnknown: "WAIT",
    issuedAt: 0,
    revokes: [],
    mayBeCalled: false,
    epoch: "",
    ...more,
  };
  const form = twilioForm(command, {
    statusCallback,
    ...(messagingServiceSid && { messagingServiceSid }),
  });
  return form && Object.fromEntries(form);
}

const content = (
  type: DispatchCommand["content"]["type"],
  rich: object,
  text: string | null = null,
) => ({
  content: { type, text, richJson: JSON.stringify(rich), smsEncoding: null },
});
const template = {
  name: `HX${"0".repeat(32)}`,
  components: [{ type: "body", parameters: [{ type: "text", text: "42" }] }],
};

describe("the form", () => {
  const forms = [
    formOf({ ttlSeconds: 100_000 }),
    formOf({}, SERVICE),
    formOf({ channel: "whatsapp", ...content("TEMPLATE", { template }) }),
    formOf({
      channel: "rcs",
      ...content("IMAGE", { url: "https://a.example/1.png" }, "A caption"),
    }),
  ];

  it("says who sends what to whom, and where it is to be told", () => {
    expect(forms).toEqual([
      {
        To: "+6599990000",
        From: "ACME",
        Body: "Hello",
        StatusCallback: statusCallback,
        ValidityPeriod: "36000",
        SmartEncoded: "false",
      },
      {
        To: "+6599990000",
        MessagingServiceSid: SERVICE,
        Body: "Hello",
        StatusCallback: statusCallback,
        SmartEncoded: "false",
      },
      {
        To: "whatsapp:+6599990000",
        From: "whatsapp:ACME",
        ContentSid: template.name,
        ContentVariables: '{"1":"42"}',
        StatusCallback: statusCallback,
      },
      {
        To: "rcs:+6599990000",
        From: "rcs:ACME",
        MediaUrl: "https://a.example/1.png",
        Body: "A caption",
        StatusCallback: statusCallback,
      },
    ]);
  });

  it.skipIf(!documented)("has only members that Twilio's description has", () => {
    const names = forms.flatMap((form) => Object.keys(form ?? {}));
    expect(names.filter((name) => !documented?.has(name))).toEqual([]);
  });

  it("is none for a person without an address, or content that Twilio has no words for", () => {
    expect(
      formOf({ recipient: { msisdn: null, country: null, channelUserIds: {} } }),
    ).toBeUndefined();
    expect(formOf(content("TEMPLATE", { template: { name: "order" } }))).toBeNull();
    expect(formOf(content("LOCATION", { location: {} }))).toBeNull();
  });
});

const retryAfterMs = 0;

function refused(code: number, statusCode = 400) {
  const body = { code, message: "No.", status: statusCode };
  return answerOfTwilio({ statusCode, body, retryAfterMs }, 1);
}

function taken(num_segments: string) {
  return answerOfTwilio({ statusCode: 201, body: { sid: "SM1", num_segments }, retryAfterMs }, 2);
}

function parse(form: Record<string, string>) {
  const body = Buffer.from(new URLSearchParams(form).toString());
  return parseTwilioReceipt(body, { provider: "twilio.1", receivedAt: 9 });
}

describe("answers", () => {
  it("take the count of segments that Twilio gives, else ours", () => {
    expect(taken("3")).toEqual({ type: "accepted", providerMessageId: "SM1", segmentCount: 3 });
    expect(taken("0")).toMatchObject({ segmentCount: 2 });
  });

  it("go by Twilio's code", () => {
    expect(refused(21211)).toMatchObject({ type: "refused", errorClass: "PERMANENT" });
    expect(refused(21610)).toMatchObject({ type: "refused", errorClass: "CONSENT" });
    expect(refused(20429, 429)).toMatchObject({ type: "temporary" });
    expect(refused(99_999, 429)).toMatchObject({ type: "temporary" });
    expect(refused(20500, 500)).toBeUndefined();
  });
});

describe("receipts", () => {
  it.each([
    ["delivered", "DELIVERED", undefined],
    ["undelivered", "UNDELIVERED", "30003"],
    ["undelivered", "EXPIRED", "30036"],
    ["teleported", "UNKNOWN", undefined],
  ])("%s is %s", async (word, status, code) => {
    const form = {
      MessageSid: "SM1",
      MessageStatus: word,
      To: "+6599990000",
      ...(code && { ErrorCode: code }),
    };
    const { reports } = await parse({ ...form, AccountSid: "AC1" });
    expect(reports).toMatchObject([
      {
        provider: "twilio.1",
        providerMessageId: "SM1",
        channel: "sms",
        status,
        errorCode: code ?? null,
      },
    ]);
  });

  it.each([
    [{ To: "whatsapp:+6599990000" }, "whatsapp"],
    [{ To: "+6599990000", From: "rcs:acme_agent" }, "rcs"],
    [{ To: "+6599990000", From: "ACME", ChannelPrefix: "whatsapp" }, "whatsapp"],
    [{ To: "RCS:+6599990000" }, "rcs"],
    [{ To: "+6599990000", From: "+15005550006" }, "sms"],
  ])("with %j are of %s", async (addresses, channel) => {
    const { reports } = await parse({ MessageSid: "SM1", MessageStatus: "read", ...addresses });
    expect(reports).toMatchObject([{ channel, status: "READ" }]);
  });

  it("that are none are odd, and nothing more", async () => {
    expect((await parse({})).oddCount).toBe(1);
    const bytes = Buffer.from([0xff, 0x00]);
    const { oddCount } = await parseTwilioReceipt(bytes, { provider: "t", receivedAt: 1 });
    expect(oddCount).toBe(1);
  });
});
