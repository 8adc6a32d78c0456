import { describe, expect, it } from "vitest";
import { keyOfReport } from "#libs/providers/key-of-report.ts";
import { classOfCode } from "#libs/providers/simulated/error-classes.ts";
import { reportOfReceipt } from "#libs/providers/simulated/receipt.ts";
import { statusOfWord } from "#libs/providers/simulated/status-words.ts";

describe("statusOfWord", () => {
  it("knows carriers' words whatever their case", () => {
    expect(statusOfWord("Seen")).toBe("READ");
    expect(statusOfWord(" UNDELIVERED ")).toBe("UNDELIVERED");
  });

  it("takes a word that nobody knows as UNKNOWN", () => {
    expect(statusOfWord("teleported")).toBe("UNKNOWN");
    expect(statusOfWord("constructor")).toBe("UNKNOWN");
  });
});

describe("classOfCode", () => {
  it("judges a code by its channel, never alone", () => {
    expect(classOfCode("whatsapp", "131026")).toBe("PERMANENT");
    expect(classOfCode("whatsapp", "130429")).toBe("TEMPORARY");
    expect(classOfCode("viber", "9")).toBe("PERMANENT");
    expect(classOfCode("viber", "8")).toBe("CONSENT");
    expect(classOfCode("sms", "8")).toBe("CONSENT");
    expect(classOfCode("sms", "42")).toBe("SENDER");
    expect(classOfCode("whatsapp", "9")).toBe("UNKNOWN");
  });
});

describe("reportOfReceipt", () => {
  const at = { channel: "whatsapp", receivedAt: 2_000 } as const;
  const receipt = { receiptId: "r1", id: "p1", status: "delivered", at: 1_000 };

  it("names the message and the attempt of a reference that is a commandId", () => {
    const report = reportOfReceipt({ ...receipt, reference: "a:b:3" }, at);
    expect(report).toMatchObject({ messageId: "a:b", attemptIndex: 3, status: "DELIVERED" });
    expect(keyOfReport(report)).toBe("a:b");
  });

  it("leaves a receipt without such a reference to be joined by the provider's id", () => {
    for (const reference of [
      undefined,
      "not ours",
      "m:",
      ":1",
      `${"m".repeat(251)}:1`,
      "\ud800:1",
      "order:42",
      null,
      42,
    ]) {
      const report = reportOfReceipt({ ...receipt, reference }, at);
      expect(report).toMatchObject({ messageId: null, attemptIndex: null });
      expect(keyOfReport(report)).toBe("simulated-whatsapp:p1");
    }
  });

  it("gives a receipt that is posted again the same reportId", () => {
    const again = reportOfReceipt(receipt, { ...at, receivedAt: 9_000 });
    expect(again.reportId).toBe(reportOfReceipt(receipt, at).reportId);
    expect(again.reportId).toBe("simulated-whatsapp:r1");
  });

  it("takes a code that is a number, and leaves out what is none", () => {
    expect(reportOfReceipt({ ...receipt, errorCode: 131049 }, at).errorCode).toBe("131049");
    for (const errorCode of [null, true, ["131049"]]) {
      expect(reportOfReceipt({ ...receipt, errorCode }, at).errorCode).toBeNull();
    }
  });

  it("cuts a code that is a text, and reads an id in whatever case it comes", () => {
    const report = reportOfReceipt({ ...receipt, id: "AB", errorCode: "e".repeat(9_000) }, at);
    expect(report.errorCode).toHaveLength(64);
    expect(report.providerMessageId).toBe("ab");
  });

  it("classes an error code", () => {
    const report = reportOfReceipt({ ...receipt, status: "failed", errorCode: "131049" }, at);
    expect(report).toMatchObject({ status: "FAILED", errorCode: "131049", errorClass: "CONSENT" });
  });
});
