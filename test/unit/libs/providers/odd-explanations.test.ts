// What a receipt says beside its ids and its status is shown, and decides nothing: however odd, it costs no
// receipt of any provider.
import { assert, describe, expect, it } from "vitest";
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import { parseGiven } from "#libs/json/parse-given.ts";
import { GenericOptions } from "#libs/providers/generic-http/access.ts";
import { readingReceipts } from "#libs/providers/generic-http/receipts.ts";
import { parseRbmReceipts } from "#libs/providers/google-rbm/receipts.ts";
import { parseInfobipReceipts } from "#libs/providers/infobip/receipts.ts";
import type { ParsedReceipts } from "#libs/providers/provider.ts";
import { connectedProviders } from "#libs/providers/providers.ts";
import { parseReceipts } from "#libs/providers/simulated/parse-receipts.ts";
import { readReceipt } from "#libs/providers/smpp/receipt.ts";
import { parseTwilioReceipt } from "#libs/providers/twilio/receipts.ts";
import { parseVonageReceipt } from "#libs/providers/vonage/receipts.ts";
import { parseCloudReceipts } from "#libs/providers/whatsapp-cloud/receipts.ts";
import { gatewayOptions } from "#test/support/gateway-options.ts";
import { receiptPdu } from "#test/support/smpp-peer.ts";

const RECEIVED_AT = Date.UTC(2026, 10, 21);
const posted = { provider: "anybody.0", receivedAt: RECEIVED_AT };
const bytes = (body: object) => Buffer.from(JSON.stringify(body));

/** A receipt of "delivered" that says `more` too; an SMPP one says that as members of its text. */
const readers = {
  infobip: (more) => {
    const status = { groupId: 3, id: 5 };
    return parseInfobipReceipts(
      bytes({ results: [{ messageId: "sms.m:0", status, ...more }] }),
      posted,
    );
  },
  vonage: (more) =>
    parseVonageReceipt(
      bytes({ message_uuid: "m", status: "delivered", channel: "sms", ...more }),
      posted,
    ),
  "whatsapp-cloud": (more) => {
    const statuses = [{ id: "m", status: "delivered", ...more }];
    const changes = [{ field: "messages", value: { statuses } }];
    return parseCloudReceipts(bytes({ entry: [{ changes }] }), posted);
  },
  twilio: (more) => {
    const form = new URLSearchParams({ MessageSid: "SM1", MessageStatus: "delivered", ...more });
    return parseTwilioReceipt(Buffer.from(form.toString()), posted);
  },
  "google-rbm": (more) => {
    const data = bytes({ eventType: "DELIVERED", messageId: "m", ...more }).toString("base64");
    return parseRbmReceipts(bytes({ message: { data } }), posted);
  },
  "generic-http": (more) => {
    const charge = { price: "/price", unitCount: "/parts", currency: "EUR" };
    const { receipts: usual } = gatewayOptions("https://gw.example");
    const given = gatewayOptions("https://gw.example", { receipts: { ...usual, charge } });
    const { receipts, ...options } = parseGiven(GenericOptions, given);
    assert(receipts);
    const read = readingReceipts({ ...options, receipts, provider: "generic-http.0" });
    return read(bytes({ results: [{ id: "m", state: "DELIVRD", ...more }] }), RECEIVED_AT);
  },
  smpp: async (more) => {
    const members = Object.entries(more).map(([name, value]) => `${name}:${value}`);
    const pdu = receiptPdu(1, `id:m stat:DELIVRD ${members.join(" ")}`);
    const options = { timeZone: "UTC", receiptTrust: {} };
    return readReceipt(pdu, { ...posted, options });
  },
  simulated: (more) =>
    parseReceipts(bytes({ receiptId: "r", id: "m", status: "delivered", ...more }), {
      channel: "sms",
      receivedAt: RECEIVED_AT,
    }),
} satisfies Record<string, (more: Record<string, string>) => Promise<ParsedReceipts>> as Readonly<
  Record<string, (more: object) => Promise<ParsedReceipts>>
>;

const table: readonly [provider: string, what: string, more: object][] = [
  ["infobip", "more segments than any SMS has", { messageCount: 1_000_000_000 }],
  ["infobip", "fewer segments than none", { messageCount: -1 }],
  ["infobip", "no segments", { messageCount: 0 }],
  [
    "infobip",
    "a price of more than all money",
    { messageCount: 1e12, price: { pricePerMessage: 1_000_000, currency: "EUR" } },
  ],
  ["infobip", "names that are none", { status: { groupId: 3, id: 5, name: null, description: 7 } }],
  ["infobip", "an error that is a text", { error: "none", doneAt: 5, seenAt: null }],
  ["vonage", "999 segments", { sms: { count_total: "999" } }],
  ["vonage", "no segments", { sms: { count_total: "0" } }],
  ["vonage", "a time that is a number", { timestamp: 5, usage: "EUR", destination: [] }],
  ["vonage", "an error that is a text", { error: "none" }],
  ["whatsapp-cloud", "a time in a year of five digits", { timestamp: "999999999999" }],
  ["whatsapp-cloud", "a time in milliseconds", { timestamp: "1790000000000" }],
  ["whatsapp-cloud", "a time that is a number", { timestamp: 1_790_000_000 }],
  ["whatsapp-cloud", "errors that are none", { errors: { code: "x" }, pricing: "free" }],
  ["twilio", "an empty code", { ErrorCode: "" }],
  ["twilio", "a code of blanks", { ErrorCode: " " }],
  ["twilio", "zeros for a code", { ErrorCode: "00000000" }],
  ["google-rbm", "a time that is a number", { sendTime: 1_790_000_000 }],
  ["google-rbm", "a time in a year of six digits", { sendTime: "+099999-01-01T00:00:00Z" }],
  ["google-rbm", "a time that is none", { sendTime: "soon" }],
  ["generic-http", "a time that is none", { at: "soon", error: null, reason: { is: [] } }],
  ["generic-http", "a price that is none", { price: "much", parts: "-1" }],
  ["generic-http", "a price of more than all money", { price: "1000000", parts: "999999999999" }],
  ["smpp", "a date that is none", { "done date": "9999999999", "submit date": "x" }],
  ["smpp", "counts that are none", { sub: "999999", dlvrd: "-1", err: "0" }],
  ["simulated", "no segments", { segments: 0 }],
  ["simulated", "one segment more than there can be", { segments: 256 }],
  ["simulated", "half a segment", { segments: 1.5 }],
  ["simulated", "segments as a text", { segments: "2" }],
  ["simulated", "a time that is a text", { at: "2026-11-21" }],
  ["simulated", "a time past the calendar", { at: 8.7e15 }],
  ["simulated", "a fraction of a time", { at: 1.5 }],
  ["simulated", "a time below zero", { at: -1 }],
  ["simulated", "no time", {}],
];

/** Deeper than any body of ours may be. */
const deep = Array.from({ length: 100 }).reduce((inner: unknown) => [inner], 1);
const ofJson = ["infobip", "vonage", "whatsapp-cloud", "google-rbm", "simulated"] as const;

describe("a receipt of", () => {
  it.each(ofJson)("%s with a member of a hundred levels is heard", async (provider) => {
    const { reports } = (await readers[provider]?.({ anything: deep })) ?? {};
    expect(reports).toMatchObject([{ status: "DELIVERED" }]);
  });

  it.each(table)("%s with %s is heard", async (provider, _what, more) => {
    const { reports, oddCount } = (await readers[provider]?.(more)) ?? {};
    expect(oddCount).toBe(0);
    const nothing = { segmentCount: null, charge: null, errorCode: null, occurredAt: RECEIVED_AT };
    expect(reports).toMatchObject([
      { status: "DELIVERED", ...nothing } satisfies Partial<StatusReport>,
    ]);
  });

  it("every provider is in the table", () => {
    const covered = new Set(table.map(([provider]) => provider));
    expect([...covered].toSorted()).toEqual([...connectedProviders.keys(), "simulated"].toSorted());
  });

  it.each([251, 900])("nobody, by an id of %d bytes, is odd: it is no report", async (length) => {
    const id = "m".repeat(length);
    const oddCounts = await Promise.all([
      readers["vonage"]?.({ message_uuid: id }),
      readers["whatsapp-cloud"]?.({ id }),
      readers["twilio"]?.({ MessageSid: id }),
      readers["infobip"]?.({ messageId: id }),
      readers["google-rbm"]?.({ messageId: id }),
      readers["generic-http"]?.({ id }),
    ]);
    expect(oddCounts).toMatchObject(oddCounts.map(() => ({ reports: [], oddCount: 1 })));
  });

  it("Twilio with a code that is no number says that code, and its failure is one", async () => {
    const more = { MessageStatus: "undelivered", ErrorCode: "E30003" };
    expect((await readers["twilio"]?.(more))?.reports).toMatchObject([
      { status: "UNDELIVERED", errorCode: "E30003", errorClass: "UNKNOWN" },
    ]);
  });

  it("Vonage with an odd title keeps its code", async () => {
    const error = { type: "https://x.example/errors#1360", title: null, detail: 7 };
    const more = { status: "rejected", error };
    expect((await readers["vonage"]?.(more))?.reports).toMatchObject([
      { status: "EXPIRED", errorCode: "1360", errorText: "7" },
    ]);
  });

  it.each([1_790_000_000, "soon", true, {}])(
    "Infobip, that somebody saw it, is heard whatever the time is: %j",
    async (seenAt) => {
      const { reports } = await parseInfobipReceipts(
        bytes({ results: [{ messageId: "sms.m:0", seenAt }] }),
        posted,
      );
      expect(reports).toMatchObject([{ status: "READ", occurredAt: RECEIVED_AT }]);
    },
  );
});
