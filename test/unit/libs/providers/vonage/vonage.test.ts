// What Vonage says is understood: answers, receipts, errors, and which posts are its own.
import { createHash, createHmac, generateKeyPairSync } from "node:crypto";
import { verifySignature } from "@vonage/jwt";
import { describe, expect, it } from "vitest";
import { errorList } from "#libs/dialects/vonage/error-list.ts";
import { vonageFaults } from "#libs/providers/vonage/access.ts";
import { answerOfVonage } from "#libs/providers/vonage/answer.ts";
import { classOfVonageCode, vonageCodes } from "#libs/providers/vonage/codes.ts";
import { vonageProof } from "#libs/providers/vonage/proof.ts";
import { parseVonageReceipt } from "#libs/providers/vonage/receipts.ts";
import { vonageBody } from "#libs/providers/vonage/request.ts";
import { saying, sayingRich, url } from "#test/support/infobip-commands.ts";

/** Every number of Vonage's page of errors of Messages, November 2026. */
const DOCUMENTED = [
  1000, 1010, 1020, 1021, 1022, 1030, 1040, 1050, 1060, 1070, 1080, 1090, 1100, 1110, 1120, 1130,
  1140, 1150, 1160, 1170, 1180, 1190, 1200, 1210, 1220, 1230, 1240, 1241, 1250, 1251, 1260, 1270,
  1280, 1282, 1290, 1300, 1310, 1320, 1330, 1331, 1340, 1350, 1360, 1370, 1380, 1381, 1382, 1400,
  1410, 1420, 1430, 1440, 1450, 1451, 1460, 1461, 1470, 1472, 1473, 1480, 1481, 1482, 1483, 1484,
];

describe("codes", () => {
  const listed = Object.values(vonageCodes).flat();

  it("are all listed that Vonage documents, once each", () => {
    expect(listed.toSorted((a, b) => a - b)).toEqual(DOCUMENTED);
    expect(Object.keys(errorList).filter((each) => !listed.includes(Number(each)))).toEqual([]);
  });

  it.each([
    ["TEMPORARY", [1000, 1030, 1100]],
    ["CONTENT", [1010, 1020, 1021, 1022, 1040, 1090, 1130]],
    ["CONSENT", [1050, 1240]],
    ["SENDER", [1060, 1070, 1080, 1120]],
    ["PERMANENT", [1300, 1430]],
    ["UNKNOWN", [1330, 9999]],
  ] as const)("mean %s", (errorClass, numbers) => {
    const classes = numbers.map((each) => classOfVonageCode(`${each}`));
    expect(new Set(classes)).toEqual(new Set([errorClass]));
  });
});

const retryAfterMs = 7_000;

function answer(body: unknown, statusCode: number) {
  return answerOfVonage({ statusCode, body, retryAfterMs }, 1);
}

function problem(number: number, more: object = {}) {
  const type = `https://developer.vonage.com/api-errors/messages#${number}`;
  return { type, title: "Odd", detail: "No.", instance: "1", ...more };
}

describe("answers", () => {
  it("give the message's id", () => {
    const accepted = { type: "accepted", providerMessageId: "a-b", segmentCount: 1 };
    expect(answer({ message_uuid: "a-b" }, 202)).toEqual(accepted);
    expect(answer({}, 202)).toBeUndefined();
  });

  it("go by the number of the problem, wherever it stands", () => {
    expect(answer(problem(1120), 422)).toMatchObject({ code: "1120", errorClass: "SENDER" });
    const titled = { type: "about:blank", title: "1050", detail: "No." };
    expect(answer(titled, 422)).toMatchObject({ code: "1050", errorClass: "CONSENT" });
    const temporary = { type: "temporary", code: "1000", text: "No.", retryAfterMs };
    expect(answer(problem(1000), 429)).toEqual(temporary);
    expect(answer(problem(9999), 422)).toMatchObject({ errorClass: "CONTENT" });
    const invalid_parameters = [{ name: "to", reason: "is odd" }];
    expect(answer(problem(1430, { invalid_parameters }), 422)).toMatchObject({
      text: 'No. [{"name":"to","reason":"is odd"}]',
    });
  });

  it("without a number are the account's fault, and a failed server's are left open", () => {
    const type = "https://developer.vonage.com/api-errors#unauthorized";
    const unauthorized = { type, title: "You did not provide correct credentials.", detail: "No." };
    expect(answer(unauthorized, 401)).toMatchObject({ code: "http-401", errorClass: "SENDER" });
    expect(answer(problem(1030), 500)).toBeUndefined();
    expect(answer("<html>", 400)).toBeUndefined();
  });
});

function parse(body: unknown) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return parseVonageReceipt(Buffer.from(text), { provider: "vonage.1", receivedAt: 9 });
}

function status(word: string, more: object = {}) {
  const timestamp = "2026-11-29T12:00:00.500Z";
  return {
    message_uuid: "a-b",
    to: "1",
    from: "A",
    timestamp,
    status: word,
    channel: "rcs",
    ...more,
  };
}

function error(number: number) {
  return { error: problem(number, { title: number }) };
}

describe("receipts", () => {
  it.each([
    ["submitted", "SENT"],
    ["delivered", "DELIVERED"],
    ["read", "READ"],
    ["rejected", "REJECTED"],
    ["undeliverable", "UNDELIVERED"],
    ["teleported", "UNKNOWN"],
  ])("%s is %s", async (word, own) => {
    const { reports } = await parse(status(word));
    const occurredAt = Date.UTC(2026, 10, 29, 12, 0, 0, 500);
    expect(reports).toMatchObject([
      { provider: "vonage.1", providerMessageId: "a-b", channel: "rcs", status: own, occurredAt },
    ]);
  });

  it("tell why a message failed, and that its time was over", async () => {
    expect((await parse(status("undeliverable", error(1260)))).reports).toMatchObject([
      { status: "UNDELIVERED", errorCode: "1260", errorClass: "PERMANENT", errorText: "No." },
    ]);
    expect((await parse(status("rejected", error(1360)))).reports).toMatchObject([
      { status: "EXPIRED", errorCode: "1360" },
    ]);
    expect((await parse(status("delivered", error(1260)))).reports).toMatchObject([
      { status: "DELIVERED", errorCode: null },
    ]);
  });

  it("tell the price, the network and the segments, as far as they do", async () => {
    const usage = { price: "0.0333", currency: "EUR" };
    const destination = { network_code: "12345" };
    const sms = { count_total: "2" };
    const priced = status("submitted", { channel: "sms", usage, destination, sms });
    expect((await parse(priced)).reports).toMatchObject([
      {
        channel: "sms",
        segmentCount: 2,
        charge: { amountMicros: 33_300, currency: "EUR", network: "12345" },
      },
    ]);
    const odd = status("delivered", { usage: 1, destination: [], sms: null, timestamp: 1 });
    expect((await parse(odd)).reports).toMatchObject([
      { charge: null, segmentCount: null, occurredAt: 9 },
    ]);
  });

  it.each(["", "[]", "{}", '{"status":"read"}', "<html>"])(
    "%j is odd, and nothing more",
    async (body) => {
      expect(await parse(body)).toMatchObject({ reports: [], oddCount: 1 });
    },
  );
});

const NOW = Date.UTC(2026, 10, 29);
const SECONDS = NOW / 1_000;
const SECRET = "a secret of the account";
const body = Buffer.from(JSON.stringify(status("delivered")));
const hash = createHash("sha256").update(body).digest("hex");

function tokenOf(claims: object, { secret = SECRET, alg = "HS256" } = {}): string {
  const signed = [{ alg, typ: "JWT" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

function isBelieved(token: string, posted = body) {
  const headers = { authorization: `Bearer ${token}` };
  return vonageProof(SECRET)({ headers, body: posted, peerAddress: "" }, NOW);
}

describe("posts", () => {
  const claims = { iat: SECONDS, jti: "1", iss: "Vonage", payload_hash: hash, api_key: "abcd" };

  it("are believed by a token for their very body", () => {
    expect(isBelieved(tokenOf(claims))).toBe(true);
    expect(isBelieved(tokenOf({ ...claims, exp: SECONDS + 60 }))).toBe(true);
    expect(isBelieved(tokenOf({ ...claims, iat: SECONDS - 3_600 }))).toBe(true);
  });

  it.each([
    ["of another body", tokenOf({ ...claims, payload_hash: "0".repeat(64) })],
    ["of no body", tokenOf({ ...claims, payload_hash: undefined })],
    ["that is over", tokenOf({ ...claims, exp: SECONDS - 1 })],
    ["whose end is no time", tokenOf({ ...claims, exp: "never" })],
    ["of days ago", tokenOf({ ...claims, iat: SECONDS - 2 * 86_400 })],
    ["of tomorrow", tokenOf({ ...claims, iat: SECONDS + 86_400 })],
    ["that is not good yet", tokenOf({ ...claims, nbf: SECONDS + 86_400 })],
    ["of no time", tokenOf({ ...claims, iat: undefined })],
    ["of another secret", tokenOf(claims, { secret: "another" })],
    ["that says it is signed otherwise", tokenOf(claims, { alg: "none" })],
    ["without a signature", tokenOf(claims).replace(/[^.]*$/, "")],
    ["with a fourth part", `${tokenOf(claims)}.x`],
    ["that is none", "x"],
  ])("are not by one %s", (_name, token) => {
    expect(isBelieved(token)).toBe(false);
  });

  it("that Vonage's own library takes for any body, or for ever, are refused", () => {
    const bare = tokenOf({ iat: SECONDS, jti: "1", iss: "Vonage" });
    expect(verifySignature(bare, SECRET)).toBe(true);
    expect(isBelieved(bare)).toBe(false);
    expect(verifySignature(tokenOf(claims), SECRET)).toBe(true);
    expect(isBelieved(tokenOf(claims), Buffer.from("{}"))).toBe(false);
    expect(() => vonageProof("")).toThrow(RangeError);
  });
});

function said(...given: Parameters<typeof sayingRich>) {
  return vonageBody(sayingRich(...given), undefined);
}

it("is no message for content that Vonage has no words for, or a person without an address", () => {
  expect(said("viber", "VIDEO", { url })).toBeNull();
  expect(said("viber", "TEMPLATE", { template: { name: "a" } })).toBeNull();
  expect(said("rcs", "CAROUSEL", { carousel: {} })).toBeNull();
  expect(said("rcs", "TEMPLATE", { template: { name: "a" } })).toBeNull();
  expect(said("whatsapp", "IMAGE", { image: { id: "42" } })).toBeNull();
  const nobody = { msisdn: null, country: null, channelUserIds: {} };
  const command = saying("sms", { text: "Hello" });
  expect(vonageBody({ ...command, recipient: nobody }, undefined)).toBeUndefined();
  expect(vonageBody(command, undefined)).not.toHaveProperty("webhook_url");
});

it("wants one way to log in, whole", () => {
  const { privateKey: key } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const privateKey = String(key.export({ type: "pkcs8", format: "pem" }));
  const applicationId = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
  const address = "https://api.nexmo.com";
  const signatureSecret = SECRET;
  const faults = (options: object, credentials: object) =>
    vonageFaults({ address, ...options }, { signatureSecret, ...credentials }).map(
      ({ path }) => path,
    );
  expect(faults({ applicationId }, { privateKey })).toEqual([]);
  expect(faults({ apiKey: "abcd" }, { apiSecret: "word" })).toEqual([]);
  expect(faults({}, {})).toEqual(["/options"]);
  expect(faults({ applicationId, apiKey: "abcd" }, { privateKey })).toEqual(["/options"]);
  expect(faults({ apiKey: "abcd" }, { privateKey })).toEqual(["/credentials/apiSecret"]);
  const odd = "-----BEGIN PRIVATE KEY-----\nnone\n-----END PRIVATE KEY-----";
  expect(faults({ applicationId }, { privateKey: odd })).toEqual(["/credentials/privateKey"]);
  expect(vonageFaults({ address, applicationId }, undefined)).toEqual([]);
});
