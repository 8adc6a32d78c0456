// What Infobip says is understood: answers, receipts, and every code that it documents.
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { answerOfInfobip } from "#libs/providers/infobip/answer.ts";
import { faultOf } from "#libs/providers/infobip/codes.ts";
import { errorTable, goodErrors } from "#libs/providers/infobip/error-codes.ts";
import { infobipProof } from "#libs/providers/infobip/proof.ts";
import { parseInfobipReceipts } from "#libs/providers/infobip/receipts.ts";
import { goodStatuses, statusTable } from "#libs/providers/infobip/status-codes.ts";
import { VENDOR_FOLDER } from "#test/support/vendor-requests.ts";

type Code = { kind: "status" | "error"; id: number; name: string };

const documented = readDocumented(`${VENDOR_FOLDER}/infobip/infobip-error-codes.yml`);

/** Every code that Infobip documents; undefined, loudly, without its list. */
function readDocumented(file: string): Code[] | undefined {
  try {
    const { families } = parse(readFileSync(file, "utf8"));
    return families.flatMap(({ groups }: { groups: Group[] }) => groups.flatMap(codesOf));
  } catch (error) {
    if (Object(error).code !== "ENOENT") throw error;
    console.warn(`SKIPPED: ${file} is not there; VENDOR_OPENAPI names the folder that has it.`);
    return undefined;
  }
}

type Group = { kind: "status" | "error"; codes: { id: number; name: string }[] };

/** A family that calls its errors statuses names them as errors. */
function codesOf({ kind, codes }: Group): Code[] {
  return codes.map(({ id, name }) => ({ kind: name.startsWith("EC_") ? "error" : kind, id, name }));
}

const TABLES = {
  status: { table: statusTable, good: goodStatuses },
  error: { table: errorTable, good: goodErrors },
};

describe("codes", () => {
  it.skipIf(!documented)("are all listed that Infobip documents", () => {
    expect(documented!).toHaveLength(541);
    const missing = documented!.filter(({ kind, id }) => !listedOf(kind).includes(id));
    expect(missing).toEqual([]);
  });

  it.each(["status", "error"] as const)("of the kind %s are listed once each", (kind) => {
    expect(new Set(listedOf(kind)).size).toBe(listedOf(kind).length);
  });

  it.each([
    ["CONSENT", [10, 14], [603, 2050, 2052, 7003, 7030, 7032, 7033]],
    ["SENDER", [11, 12, 13, 17, 18, 19], [562, 572, 4099, 7004, 7019, 7034, 7081, 7083]],
    ["CONTENT", [24, 25], [355, 4096, 7006, 7010, 7022, 7027]],
    ["TEMPORARY", [20, 21], [6, 27, 34, 256, 628, 630, 631, 2048, 7017, 7024, 7036, 7082]],
    ["PERMANENT", [52], [1, 9, 351, 352, 568, 629, 3041, 7002, 7201]],
    ["UNKNOWN", [15, 29], [255, 7280]],
  ] as const)(
    "mean %s where Infobip's own flag would say something else",
    (kind, statuses, errors) => {
      const ofStatuses = statuses.map((id) => faultOf({ id }, undefined).errorClass);
      const ofErrors = errors.map((id) => faultOf({ id: 29 }, { id }).errorClass);
      expect(new Set([...ofStatuses, ...ofErrors])).toEqual(new Set([kind]));
    },
  );

  it("say whether they are a status or an error, since both are counted from 0", () => {
    expect(faultOf({ id: 6 }, { id: 0 })).toMatchObject({ errorCode: "status-6" });
    expect(faultOf({ id: 9 }, { id: 6 })).toMatchObject({
      errorCode: "error-6",
      errorClass: "TEMPORARY",
    });
    expect(faultOf({ id: 10 }, { id: 99_999 })).toMatchObject({
      errorCode: "error-99999",
      errorClass: "CONSENT",
    });
  });
});

function listedOf(kind: "status" | "error"): number[] {
  const { table, good } = TABLES[kind];
  return [...Object.values(table).flat(), ...good];
}

const called = { messageId: "sms.m:0", segmentCount: 1 };
const retryAfterMs = 5_000;

function answer(body: unknown, statusCode = 200) {
  return answerOfInfobip({ statusCode, body, retryAfterMs }, called);
}

function taken(groupId: number, id: number, more: object = {}) {
  const status = { groupId, groupName: "X", id, name: "X", description: "Why." };
  return answer({ bulkId: "1", messages: [{ messageId: "sms.m:0", status, ...more }] });
}

const said = (errorCode: string) => ({ errorCode, description: "No.", violations: [] });

describe("answers", () => {
  it("are an acceptance while the message is pending, with Infobip's count of segments", () => {
    const accepted = { type: "accepted", providerMessageId: "sms.m:0", segmentCount: 1 };
    expect(taken(1, 26)).toEqual(accepted);
    expect(taken(1, 26, { details: { messageCount: 3 } })).toEqual({
      ...accepted,
      segmentCount: 3,
    });
    const status = { groupId: 1, id: 7 };
    expect(answer({ to: "1", messageCount: 1, status })).toEqual(accepted);
  });

  it("that a message's id was there before mean that it was taken", () => {
    expect(taken(5, 23)).toMatchObject({ type: "accepted", providerMessageId: "sms.m:0" });
  });

  it("of 200 may hold a refusal, which is final: the id would be a repeat's", () => {
    expect(taken(5, 12)).toMatchObject({
      type: "refused",
      code: "status-12",
      errorClass: "SENDER",
      text: "X: Why.",
      isFinal: true,
    });
    expect(taken(5, 20)).toMatchObject({ type: "refused", errorClass: "TEMPORARY", isFinal: true });
    expect(taken(2, 9)).toMatchObject({ type: "refused", errorClass: "PERMANENT", isFinal: true });
  });

  it("without a message are Infobip's word on the call, in either of its forms", () => {
    expect(answer(said("E401"), 401)).toMatchObject({ errorClass: "SENDER", code: "E401" });
    const violations = [{ property: "to", violation: "must not be null" }];
    expect(answer({ ...said("E400"), violations }, 400)).toMatchObject({
      errorClass: "CONTENT",
      text: 'No. [{"property":"to","violation":"must not be null"}]',
    });
    const temporary = { type: "temporary", code: "E429", text: "No.", retryAfterMs };
    expect(answer(said("E429"), 429)).toEqual(temporary);
    const serviceException = { messageId: "BAD_REQUEST", text: "Bad request" };
    expect(answer({ requestError: { serviceException } }, 400)).toMatchObject({
      type: "refused",
      code: "BAD_REQUEST",
      text: "Bad request",
    });
  });

  it.each([
    [200, {}],
    [200, { messages: [] }],
    [200, undefined],
    [400, "<html>"],
    [500, { errorCode: "E500", description: "Something went wrong." }],
  ])("%i with %j are left to the status", (statusCode, body) => {
    expect(answer(body, statusCode)).toBeUndefined();
  });
});

function read(...results: object[]) {
  const body = Buffer.from(JSON.stringify({ results }));
  return parseInfobipReceipts(body, { provider: "infobip.1", receivedAt: 9 });
}

const NO_ERROR = { groupId: 0, groupName: "OK", id: 0, name: "NO_ERROR", permanent: false };

function report(groupId: number, id: number, more: object = {}) {
  const status = { groupId, id, name: "X", description: "Why." };
  const doneAt = "2026-11-29T12:00:01.500+0100";
  return { messageId: "viber.m:0", to: "1", status, error: NO_ERROR, doneAt, ...more };
}

describe("receipts", () => {
  it.each([
    [1, 7, "ACCEPTED", null],
    [3, 2, "SENT", null],
    [3, 5, "DELIVERED", null],
    [4, 15, "EXPIRED", "status-15"],
    [4, 29, "UNKNOWN", "status-29"],
    [4, 87, "REJECTED", "status-87"],
    [2, 9, "UNDELIVERED", "status-9"],
    [5, 10, "REJECTED", "status-10"],
    [5, 23, "UNKNOWN", "status-23"],
    [77, 1, "UNKNOWN", null],
  ])("of group %i and status %i are %s", async (groupId, id, status, errorCode) => {
    const { reports } = await read(report(groupId, id));
    expect(reports).toMatchObject([
      {
        provider: "infobip.1",
        providerMessageId: "viber.m:0",
        channel: "viber",
        status,
        errorCode,
        occurredAt: Date.UTC(2026, 10, 29, 11, 0, 1, 500),
      },
    ]);
  });

  it("tell the error where there is one, and that a message's time was over", async () => {
    const error = { ...NO_ERROR, id: 6, name: "EC_ABSENT_SUBSCRIBER_SM", permanent: true };
    const { reports } = await read(
      report(2, 9, { error }),
      report(5, 52, { error: { ...error, id: 4098 } }),
    );
    expect(reports).toMatchObject([
      { status: "UNDELIVERED", errorCode: "error-6", errorClass: "TEMPORARY" },
      { status: "EXPIRED", errorCode: "error-4098" },
    ]);
  });

  it("tell that somebody has seen a message, and count the segments of an SMS alone", async () => {
    const seenAt = "2026-11-29T11:00:02.000+0000";
    const { reports } = await read(
      { messageId: "rcs.m:1", from: "A", to: "1", sentAt: seenAt, seenAt },
      report(3, 5, { messageId: "sms.m:2", messageCount: 2 }),
      report(3, 5, { messageCount: 2 }),
    );
    expect(reports).toMatchObject([
      { channel: "rcs", status: "READ", occurredAt: Date.UTC(2026, 10, 29, 11, 0, 2) },
      { channel: "sms", segmentCount: 2 },
      { channel: "viber", segmentCount: null },
    ]);
  });

  it.each<[object, object | null]>([
    [
      { price: { pricePerMessage: 0.0075, currency: "EUR" }, messageCount: 2, mccMnc: "52501" },
      { amountMicros: 15_000, currency: "EUR", network: "52501" },
    ],
    [{ mccMnc: "26207" }, { amountMicros: null, currency: null, network: "26207" }],
    [{ price: { pricePerMessage: -1, currency: "EUR" } }, null],
    [{ price: "0.01", mccMnc: "null" }, null],
    [{}, null],
  ])("with %j have the charge %j", async (more, charge) => {
    const { reports, oddCount } = await read(report(3, 5, { messageId: "sms.m:2", ...more }));
    expect(oddCount).toBe(0);
    expect(reports).toMatchObject([{ status: "DELIVERED", charge }]);
  });

  it("that are odd lose no others", async () => {
    const odd = { oddCount: 2, reports: [{ status: "DELIVERED" }] };
    expect(await read({ messageId: "x" }, report(3, 5), { status: {} })).toMatchObject(odd);
    expect(await read(report(3, 5, { error: "none", doneAt: "soon" }))).toMatchObject({
      oddCount: 0,
      reports: [{ occurredAt: 9 }],
    });
    for (const body of ["[]", "{", '{"results":1}', ""]) {
      const posted = { provider: "infobip.1", receivedAt: 9 };
      expect((await parseInfobipReceipts(Buffer.from(body), posted)).oddCount).toBe(1);
    }
  });
});

const body = Buffer.from('{"results":[]}');
const signature = createHmac("sha256", "a secret").update(body).digest("hex");
const basic = `Basic ${btoa("us:word")}`;

function isBelieved(credentials: object, headers: Record<string, string>, posted = body) {
  const proof = infobipProof({ options: { signatureHeader: "X-Signature" }, credentials });
  return proof({ headers, body: posted, peerAddress: "" }, 0);
}

describe("posts", () => {
  it("are believed by what the account's subscription proves them with", () => {
    const webhookSecret = "a secret";
    expect(isBelieved({ webhookSecret }, { "x-signature": signature })).toBe(true);
    expect(isBelieved({ webhookSecret }, { "x-signature": signature }, Buffer.from("{}"))).toBe(
      false,
    );
    expect(isBelieved({ webhookSecret }, {})).toBe(false);
    const login = { webhookUser: "us", webhookPassword: "word" };
    expect(isBelieved(login, { authorization: basic })).toBe(true);
    expect(isBelieved(login, {})).toBe(false);
    expect(isBelieved({ ...login, webhookSecret }, { authorization: basic })).toBe(false);
  });

  it("are believed by their address alone where the connection has no secret for them", () => {
    expect(isBelieved({}, {})).toBe(true);
    expect(() => isBelieved({ webhookSecret: "" }, {})).toThrow(RangeError);
  });
});
