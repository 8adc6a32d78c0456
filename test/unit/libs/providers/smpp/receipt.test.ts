import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isReceipt, readReceipt } from "#libs/providers/smpp/receipt.ts";
import { readReceiptText } from "#libs/providers/smpp/receipt-text.ts";
import type { Pdu } from "#libs/smpp/pdu.ts";
import { tags } from "#libs/smpp/tlvs.ts";
import { cpuMs } from "#test/support/cpu-ms.ts";
import { receiptPdu } from "#test/support/smpp-peer.ts";

const receivedAt = Date.UTC(2026, 10, 29, 12, 0, 0);
const options = { timeZone: "UTC", receiptTrust: {} };
const DLR =
  "id:0123456789 sub:001 dlvrd:001 submit date:2611291130 done date:2611291145 stat:DELIVRD err:000 text:Hello";

function read(text: string, more: Partial<Pdu> = {}, own: object = {}) {
  const received = { provider: "smpp.1", receivedAt, options: { ...options, ...own } };
  const [report] = readReceipt(receiptPdu(1, text, more), received).reports;
  return report;
}

function isOfClass(esm_class: number): boolean {
  return isReceipt(receiptPdu(1, "", { numbers: { esm_class } }));
}

describe("a receipt", () => {
  it("is told by its esm_class, whatever the other bits say", () => {
    expect([0x04, 0x44, 0x05, 0xc7].map(isOfClass)).toEqual([true, true, true, true]);
    expect([0x00, 0x08, 0x10, 0x20, 0x40, 0x0c].map(isOfClass)).not.toContain(true);
  });

  it("in the standard's text is a report with its own time", () => {
    expect(read(DLR)).toMatchObject({
      reportId: "smpp.1:0123456789:delivrd",
      provider: "smpp.1",
      providerMessageId: "0123456789",
      status: "DELIVERED",
      errorCode: null,
      occurredAt: Date.UTC(2026, 10, 29, 11, 45),
      receivedAt,
    });
  });

  it.each([
    ["DELIVRD", "DELIVERED"],
    ["DELIVERED", "DELIVERED"],
    ["delivrd", "DELIVERED"],
    ["FAILED", "FAILED"],
    ["UNDELIV", "UNDELIVERED"],
    ["UNDELIVERABLE", "UNDELIVERED"],
    ["EXPIRED", "EXPIRED"],
    ["DELETED", "FAILED"],
    ["ACCEPTD", "ACCEPTED"],
    ["ENROUTE", "SENT"],
    ["UNKNOWN", "UNKNOWN"],
    ["REJECTD", "REJECTED"],
    ["ERR", "UNKNOWN"],
  ])("whose stat is %s is %s", (stat, status) => {
    const isGood = ["ACCEPTED", "SENT", "DELIVERED"].includes(status);
    expect(read(`id:1 stat:${stat} err:001`)).toMatchObject({
      status,
      errorCode: isGood ? null : "001",
    });
  });

  it.each([
    ["other orders and cases", "STAT:Undeliv ERR:04A Id:77 DONE DATE:261129114500 Text:"],
    ["members that nobody knows", "id:77 mcc:525 stat:UNDELIV err:04A price:0.01 text:x"],
    ["blanks behind colons, empty members", "id: 77 sub: dlvrd: stat: UNDELIV err: 04A text:"],
    ["no text", "id:77 stat:UNDELIV err:04A"],
    ["a text that looks like a receipt", "id:77 stat:UNDELIV err:04A text:id:1 stat:DELIVRD err:9"],
    ["underscores", "id:77 submit_date:2611291130 done_date:2611291145 stat:UNDELIV err:04A"],
  ])("is read with %s", (_what, text) => {
    expect(read(text)).toMatchObject({
      providerMessageId: "77",
      status: "UNDELIVERED",
      errorCode: "04A",
    });
  });

  it("goes by its TLVs before its text", () => {
    const numbers = { esm_class: 0x04 };
    const tlvs = [
      { tag: tags.receiptedMessageId, value: Buffer.from("abc\0") },
      { tag: tags.messageState, value: Buffer.of(5) },
      { tag: tags.networkErrorCode, value: Buffer.of(3, 0, 27) },
      { tag: 0x1403, value: Buffer.from("a vendor's own") },
    ];
    const told = { providerMessageId: "abc", status: "UNDELIVERED", errorCode: "27" };
    expect(read(DLR, { tlvs, numbers })).toMatchObject(told);
    expect(read("", { tlvs, numbers })).toMatchObject({ ...told, occurredAt: receivedAt });
    expect(read(DLR, { tlvs: tlvs.slice(0, 1) })).toMatchObject({
      providerMessageId: "abc",
      status: "DELIVERED",
    });
  });

  it("is read from a message_payload, behind a header, and in UCS-2", () => {
    const payload = [{ tag: tags.messagePayload, value: Buffer.from(DLR) }];
    const header = Buffer.concat([Buffer.of(5, 0, 3, 1, 1, 1), Buffer.from(DLR)]);
    const wide = Buffer.from(DLR, "utf16le").swap16();
    const all = [
      read("", { tlvs: payload }),
      read("", { message: header, numbers: { esm_class: 0x44 } }),
      read("", { message: wide, numbers: { esm_class: 0x04, data_coding: 8 } }),
    ];
    for (const each of all) expect(each).toMatchObject({ status: "DELIVERED" });
  });

  it.each([
    ["2611291945", "Asia/Singapore", "2026-11-29T11:45:00Z"],
    ["261129194530", "Asia/Singapore", "2026-11-29T11:45:30Z"],
    ["20261129194530", "Asia/Singapore", "2026-11-29T11:45:30Z"],
    ["2607011300", "Europe/Berlin", "2026-07-01T11:00:00Z"],
    ["2601011300", "Europe/Berlin", "2026-01-01T12:00:00Z"],
    ["2611290615", "-05:30", "2026-11-29T11:45:00Z"],
  ])("done at %s in %s is an instant", (digits, timeZone, at) => {
    const report = read(`id:1 done date:${digits} stat:DELIVRD`, {}, { timeZone });
    expect(new Date(report!.occurredAt).toISOString()).toBe(at.replace("Z", ".000Z"));
  });

  it.each(["", "0", "2613291145", "2611321145", "2611292545", "26112911459", "yesterday"])(
    "whose date is %j counts as just now, and so does one of the future",
    (date) => {
      expect(read(`id:1 done date:${date} stat:DELIVRD`)?.occurredAt).toBe(receivedAt);
      expect(read("id:1 done date:2612312359 stat:DELIVRD")?.occurredAt).toBe(receivedAt);
    },
  );

  it("is odd without an id or a state, or with an id that no record holds", () => {
    for (const text of ["", "stat:DELIVRD", "id:1", "id:1 stat:", `id:${"9".repeat(600)} stat:X`]) {
      expect(read(text)).toBeUndefined();
    }
  });

  it("is believed as far as the connection says for the country", () => {
    const receiptTrust = { default: "carrier", SG: "handset", CN: "none" } as const;
    const from = (source_addr: string) =>
      read(DLR, { texts: { source_addr } }, { receiptTrust })?.status;
    expect([from("6591234567"), from("+8613812345678"), from("4915112345678")]).toEqual([
      "DELIVERED",
      "UNKNOWN",
      "SENT",
    ]);
    expect(read("id:1 stat:UNDELIV", {}, { receiptTrust })?.status).toBe("UNDELIVERED");
  });

  it("of any text and any TLVs neither throws nor takes long", () => {
    const piece = fc.oneof(
      fc.constantFrom("id", "stat", "err", "text", "done date", "submit date", ":", " ", "\0"),
      fc.string({ unit: "binary", maxLength: 20 }),
    );
    const tlv = fc.record({
      tag: fc.constantFrom(...Object.values(tags)),
      value: fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes)),
    });
    const given = fc.tuple(fc.array(piece, { maxLength: 60 }), fc.array(tlv, { maxLength: 4 }));
    fc.assert(
      fc.property(given, fc.integer({ min: 0, max: 255 }), ([pieces, tlvs], data_coding) => {
        const numbers = { esm_class: 0x44, data_coding };
        const report = read(pieces.join(""), { tlvs, numbers });
        expect(report === undefined || report.channel === "sms").toBe(true);
      }),
      { numRuns: 300 },
    );
    const before = cpuMs();
    for (const each of ["id ", "id:", " ", "done "]) readReceiptText(each.repeat(2_000_000));
    expect(cpuMs() - before).toBeLessThan(5_000);
  });
});
