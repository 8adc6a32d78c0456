import { describe, expect, it } from "vitest";
import { decodeSms, encodeSms } from "#libs/sms-text/codec.ts";

const hex = (bytes: Buffer) => bytes.toString("hex");

describe("GSM 03.38", () => {
  it("has a septet for each character where the standard's table has it", () => {
    expect(hex(encodeSms("@£Ç\nÅΔΞÉ", "GSM"))).toBe("0001090a0e101a1f");
    expect(hex(encodeSms(" ¤?¡AZÄÖÑÜ§¿azäöñüà", "GSM"))).toBe(
      "20243f40415a5b5c5d5e5f60617a7b7c7d7e7f",
    );
  });

  it("escapes the characters of the extension table", () => {
    expect(hex(encodeSms("\f^{}\\[~]|€", "GSM"))).toBe("1b0a1b141b281b291b2f1b3c1b3d1b3e1b401b65");
  });

  it("refuses a character that it lacks, the escape among them", () => {
    expect(() => encodeSms("ç", "GSM")).toThrow(RangeError);
    expect(() => encodeSms("\u001b", "GSM")).toThrow(RangeError);
  });

  it("shows the basic character after an escape that leads nowhere, or a blank", () => {
    expect(decodeSms(Buffer.from("1b611b1b1b", "hex"), "GSM")).toBe("a  ");
    expect(() => decodeSms(Buffer.from([0x80]), "GSM")).toThrow(RangeError);
  });
});

describe("UCS-2", () => {
  it("is big endian, with surrogate pairs as they are", () => {
    expect(hex(encodeSms("A€😀", "UCS2"))).toBe("004120acd83dde00");
    expect(decodeSms(Buffer.from("004120acd83dde00", "hex"), "UCS2")).toBe("A€😀");
  });

  it("refuses half a unit", () => {
    expect(() => decodeSms(Buffer.from([0x00]), "UCS2")).toThrow(RangeError);
  });
});
