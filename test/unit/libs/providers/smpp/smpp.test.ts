import { Value } from "typebox/value";
import { describe, expect, it } from "vitest";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { SmppOptions } from "#libs/providers/smpp/access.ts";
import { classOfSmppStatus } from "#libs/providers/smpp/codes.ts";
import { oneId } from "#libs/providers/smpp/one-id.ts";
import { smpp } from "#libs/providers/smpp/smpp.ts";
import { submitsOf } from "#libs/providers/smpp/submit.ts";
import { validityPeriod } from "#libs/providers/smpp/validity-period.ts";
import { statuses } from "#libs/smpp/statuses.ts";
import { findTlv, tags } from "#libs/smpp/tlvs.ts";
import { decodeSeptets } from "#libs/sms-text/gsm-alphabet.ts";
import { commandFor } from "#test/support/dispatch-command.ts";

const optionsOf = (own: object = {}) =>
  Value.Parse(
    SmppOptions,
    Value.Default(SmppOptions, { address: "smpp://smsc.example:2775", ...own }),
  );

function submits(given: { text: string; smsEncoding?: "GSM" | "UNICODE" }, own: object = {}) {
  const { text, smsEncoding = null } = given;
  const command = commandFor({
    channel: "sms",
    recipient: "+6599990000",
    content: { type: "TEXT", text, richJson: null, smsEncoding },
  });
  const made = submitsOf(command, 0x1234, optionsOf(own));
  if ("type" in made) throw new Error(JSON.stringify(made));
  return made;
}

function onlyOne(given: Partial<Omit<DispatchCommand, "recipient">>, own: object = {}) {
  const command = commandFor({ channel: "sms", recipient: "+6599990000", ...given });
  const made = submitsOf(command, 1, optionsOf(own));
  if ("type" in made) throw new Error(JSON.stringify(made));
  return made.requests[0]!;
}

function refusal(given: { text: string; smsEncoding?: "GSM" }, own: object = {}) {
  const { text, smsEncoding = null } = given;
  const content = { type: "TEXT", text, richJson: null, smsEncoding } as const;
  const command = commandFor({ channel: "sms", recipient: "+6599990000", content });
  return submitsOf(command, 1, optionsOf(own));
}

function faults(own: object) {
  const options = { address: "smpp://a:1", ...own };
  return smpp.faultsOf({ options, credentials: undefined });
}

describe("a command_status", () => {
  it("of the standard's table is classed, each one, and a carrier's own is not", () => {
    const codes = Object.values(statuses).filter((code) => code !== statuses.ESME_ROK);
    expect(codes.filter((code) => classOfSmppStatus(code) === "UNKNOWN")).toEqual([]);
    expect(codes).toHaveLength(47);
    expect([0x400, 0x4ff, 0x09, 0xffff_ffff].map(classOfSmppStatus)).toEqual(
      Array.from({ length: 4 }, () => "UNKNOWN"),
    );
  });
});

describe("an id", () => {
  const exact = { ignoreCase: false, ignoreZeros: false, ignoreDashes: false };
  it.each([
    ["decimal", "1234567890", "hex", "499602d2"],
    ["hex", "499602D2", "decimal", "1234567890"],
    ["hex", "0x499602d2", "hex", "00499602D2"],
    ["decimal", "0001234567890", "decimal", "1234567890"],
    ["hex", "FFFFFFFFFFFFFFFFFFFF", "decimal", "1208925819614629174706175"],
  ] as const)("in %s %s is the one in %s %s", (response, first, receipt, second) => {
    const rule = { response, receipt, ...exact };
    expect(oneId(first, "response", rule)).toBe(oneId(second, "receipt", rule));
  });

  it("is a text unless its connection says otherwise", () => {
    expect(oneId("00AB-1", "response", undefined)).toBe("00AB-1");
    const text = { response: "text", receipt: "text", ...exact } as const;
    expect(oneId("00AB-1", "receipt", text)).toBe("00AB-1");
    const loose = { ...text, ignoreCase: true, ignoreZeros: true, ignoreDashes: true };
    expect(oneId("00AB-1", "response", loose)).toBe("ab1");
    expect(oneId("000", "response", loose)).toBe("0");
    expect(oneId("not hex", "response", { ...text, response: "hex" })).toBe("not hex");
  });
});

describe("a submit_sm", () => {
  it.each([
    ["FALLTHRU", "FALLTHRU", 5, 0],
    ["70123", "70123", 3, 0],
    ["+6591234567", "6591234567", 1, 1],
    ["6591234567", "6591234567", 1, 1],
    [null, "", 0, 0],
  ])("from %s says what that is", (sender, source_addr, ton, npi) => {
    const { texts, numbers } = onlyOne({ sender });
    expect(texts).toMatchObject({ source_addr, destination_addr: "6599990000" });
    expect(numbers).toMatchObject({ source_addr_ton: ton, source_addr_npi: npi });
    expect(numbers).toMatchObject({ dest_addr_ton: 1, dest_addr_npi: 1, registered_delivery: 1 });
  });

  it("has what its connection sets: kinds of addresses, a service type, vendors' TLVs", () => {
    const tlvs = [
      { tag: "0x1400", text: "1101" },
      { tag: "0x1401", hex: "00ff" },
    ];
    const source = { ton: 0, npi: 9 };
    const request = onlyOne({}, { tlvs, source, destination: source, serviceType: "CMT" });
    expect(request.numbers).toMatchObject({ source_addr_npi: 9, dest_addr_npi: 9 });
    expect(request.texts).toMatchObject({ service_type: "CMT" });
    expect(findTlv(request.tlvs!, 0x1400)?.toString()).toBe("1101");
    expect(findTlv(request.tlvs!, 0x1401)).toEqual(Buffer.of(0, 255));
  });

  it("may be tried for as long as the step says", () => {
    const periods = [null, 1, 60, 86_400, 90_061, 2_592_000].map(validityPeriod);
    expect(periods).toEqual([
      "",
      "000000000001000R",
      "000000000100000R",
      "000001000000000R",
      "000001010101000R",
      "000030000000000R",
    ]);
    expect(onlyOne({ ttlSeconds: 60 }).texts?.validity_period).toBe("000000000100000R");
  });

  it.each(["\u0100", "FALL\u0136THRU", "A\0", "喂", "É", "A\n", "A".repeat(21), "+\u0131"])(
    "is not made from %j, which would be another sender's octets",
    (sender) => {
      const command = commandFor({ channel: "sms", recipient: "+6599990000", sender });
      expect(submitsOf(command, 1, optionsOf())).toMatchObject({
        type: "refused",
        code: "sender-not-encodable",
        errorClass: "SENDER",
      });
    },
  );

  it("keeps a plus sign that is no number's, and all 20 characters", () => {
    for (const source_addr of ["+", "+A", " ~", "1".repeat(20)]) {
      expect(onlyOne({ sender: source_addr }).texts).toMatchObject({ source_addr });
    }
  });

  it.each(["+", "+65\u0130", "+65 99", "65\0", "+٦٥", `+${"6".repeat(21)}`])(
    "is not made to %j, which is no number",
    (recipient) => {
      const command = commandFor({ channel: "sms", recipient });
      expect(submitsOf(command, 1, optionsOf())).toMatchObject({
        type: "refused",
        code: "recipient-not-encodable",
        errorClass: "PERMANENT",
      });
    },
  );

  it("is not made for nobody, or for what is no text", () => {
    const none = { msisdn: null, country: null, channelUserIds: {} };
    const nobody = { ...commandFor({ channel: "sms", recipient: "" }), recipient: none };
    expect(submitsOf(nobody, 1, optionsOf())).toMatchObject({ code: "no-address" });
    const card = commandFor({
      channel: "sms",
      recipient: "+6599990000",
      content: { type: "CAROUSEL", text: null, richJson: "{}", smsEncoding: null },
    });
    expect(submitsOf(card, 1, optionsOf())).toMatchObject({ code: "content-not-served" });
  });
});

describe("a text", () => {
  const long = "x".repeat(161);

  it("of one part is in GSM's alphabet, or in UCS-2, and says so", () => {
    const [gsm] = submits({ text: "10 €" }).requests;
    expect(gsm!.numbers).toMatchObject({ data_coding: 0 });
    expect(gsm!.message).toEqual(Buffer.from([0x31, 0x30, 0x20, 0x1b, 0x65]));
    const [wide] = submits({ text: "喂" }).requests;
    expect(wide!.numbers).toMatchObject({ data_coding: 8 });
    expect(wide!.message).toEqual(Buffer.from([0x55, 0x82]));
  });

  it("is in what its carrier takes: Latin-1, packed septets, another data_coding", () => {
    const [latin] = submits({ text: "Ünï" }, { alphabet: "latin1" }).requests;
    expect(latin!.numbers).toMatchObject({ data_coding: 3 });
    expect(latin!.message).toEqual(Buffer.from("Ünï", "latin1"));
    expect(submits({ text: "x".repeat(141) }, { alphabet: "latin1" }).segmentCount).toBe(2);
    const [packed] = submits({ text: "hellohello" }, { alphabet: "gsm-packed" }).requests;
    expect(packed!.message!.toString("hex")).toBe("e8329bfd4697d9ec37");
    const [own] = submits({ text: "hi" }, { dataCoding: 241 }).requests;
    expect(own!.numbers).toMatchObject({ data_coding: 241 });
    expect(submits({ text: "10 €" }, { alphabet: "latin1" }).requests[0]!.numbers).toMatchObject({
      data_coding: 8,
    });
  });

  it("that is long goes in parts with a header", () => {
    const { requests, segmentCount } = submits({ text: long });
    expect(segmentCount).toBe(2);
    expect(requests.map(({ numbers }) => numbers?.esm_class)).toEqual([0x40, 0x40]);
    const headers = requests.map(({ message }) => message!.subarray(0, 6).toString("hex"));
    expect(headers).toEqual(["050003340201", "050003340202"]);
    const texts = requests.map(({ message }) => decodeSeptets(message!.subarray(6)));
    expect(texts.join("")).toBe(long);
  });

  it("whose packed parts have a header begins with a whole septet, and is 140 octets at most", () => {
    const { requests } = submits({ text: long }, { alphabet: "gsm-packed" });
    const [first, second] = requests.map(({ message }) => message!);
    expect(first).toHaveLength(140);
    // A fill bit, then "x" (0x78) again and again.
    expect(first!.subarray(6, 9).toString("hex")).toBe("f0783c");
    expect(second).toHaveLength(6 + 8);
  });

  it("that is long goes in parts with TLVs, or as one payload", () => {
    const sar = submits({ text: long }, { longText: "sar" }).requests;
    const told = sar.map(({ tlvs, numbers }) => [
      findTlv(tlvs!, tags.sarMsgRefNum)?.toString("hex"),
      findTlv(tlvs!, tags.sarTotalSegments)?.[0],
      findTlv(tlvs!, tags.sarSegmentSeqnum)?.[0],
      numbers?.esm_class,
    ]);
    expect(told).toEqual([
      ["1234", 2, 1, undefined],
      ["1234", 2, 2, undefined],
    ]);
    const whole = submits({ text: long }, { longText: "payload" });
    expect(whole).toMatchObject({ segmentCount: 2, requests: [{ message: Buffer.alloc(0) }] });
    expect(findTlv(whole.requests[0]!.tlvs!, tags.messagePayload)?.toString()).toBe(long);
  });

  it("that its alphabet cannot say, or SMS cannot hold, is refused as content", () => {
    const odd = { type: "refused", errorClass: "CONTENT" };
    expect(refusal({ text: "喂", smsEncoding: "GSM" })).toMatchObject(odd);
    const latin1 = { alphabet: "latin1" };
    expect(refusal({ text: "喂", smsEncoding: "GSM" }, latin1)).toMatchObject(odd);
    expect(refusal({ text: "喂".repeat(20_000) })).toMatchObject({ code: "text-too-long" });
    const payload = { longText: "payload" };
    expect(refusal({ text: "喂".repeat(35_000) }, payload)).toMatchObject({
      code: "text-too-long",
    });
  });
});

describe("a connection", () => {
  it("tells all that stands against it", () => {
    const odd = { address: "smpp://a:70000", timeZone: "Mars/Olympus", tlvs: [{ tag: "0x1400" }] };
    expect(faults(odd).map(({ path }) => path)).toEqual([
      "/options/address",
      "/options/timeZone",
      "/options/tlvs/0",
    ]);
    expect(faults({ address: "smpps://[::1]:2776", timeZone: "+08:00" })).toEqual([]);
  });

  it("opens with what its schemas take, and with nothing else", () => {
    const credentials = { systemId: "me", password: "secret" };
    const options = { address: "smpp://a:2775" };
    expect(smpp.open({ options, credentials })).toBeDefined();
    for (const odd of [
      { address: "smpp://a" },
      { address: "http://a:1" },
      { ...options, window: 0 },
      { ...options, tlvs: [{ tag: "0x0424", text: "" }] },
    ]) {
      expect(smpp.open({ options: odd, credentials })).toBeUndefined();
    }
  });
});
