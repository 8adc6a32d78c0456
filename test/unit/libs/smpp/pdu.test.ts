import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CommandName, commandNames, layoutOf } from "#libs/smpp/commands.ts";
import { decodePdu, emptyPdu, encodePdu, type Pdu } from "#libs/smpp/pdu.ts";
import { statuses } from "#libs/smpp/statuses.ts";
import { VENDOR_TAGS } from "#libs/smpp/tlvs.ts";

const texts = fc
  .array(fc.integer({ min: 1, max: 255 }), { maxLength: 30 })
  .map((octets) => String.fromCharCode(...octets));
const tlvs = fc.array(
  fc.record({
    tag: fc.integer({ min: 0, max: 0xffff }),
    value: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  }),
  { maxLength: 5 },
);

/** Any PDU of a command, each of its members with some value. */
function anyPdu(command: CommandName): fc.Arbitrary<Pdu> {
  const { members } = layoutOf(command);
  const named = <T>(kind: string, value: fc.Arbitrary<T>) =>
    fc.record(
      Object.fromEntries(
        members.flatMap((each) =>
          each.kind === kind && "name" in each ? [[each.name, value]] : [],
        ),
      ),
    );
  const hasMessage = members.some(({ kind }) => kind === "message");
  const message = fc.uint8Array({ maxLength: hasMessage ? 255 : 0 });
  return fc.record({
    command: fc.constant(command),
    status: fc.constant(0),
    sequence: fc.integer({ min: 1, max: 0x7fffffff }),
    texts: named("text", texts),
    numbers: named("number", fc.integer({ min: 0, max: 255 })),
    message: message.map((bytes) => Buffer.from(bytes)),
    tlvs,
  }) as fc.Arbitrary<Pdu>;
}

const pdus = fc.constantFrom(...commandNames).chain(anyPdu);

function withHeader(command: CommandName, body: Uint8Array): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32BE(16 + body.length, 0);
  head.writeUInt32BE(layoutOf(command).id, 4);
  return Buffer.concat([head, body]);
}

const encode = (named: Pdu["texts"]) =>
  encodePdu({ ...emptyPdu({ command: "submit_sm", sequence: 1 }), texts: named });

describe("a PDU", () => {
  it("of every command says the same after it was bytes, TLVs that nobody knows included", () => {
    fc.assert(
      fc.property(pdus, (pdu) => {
        const decoded = decodePdu(encodePdu(pdu));
        if (decoded.type !== "pdu") throw new Error(decoded.why);
        // A plain yes without its body is one with an empty one.
        expect({ ...emptyPdu(pdu), ...decoded.pdu }).toEqual(pdu);
      }),
    );
  });

  it("is the bytes of the standard", () => {
    const pdu = {
      ...emptyPdu({ command: "submit_sm", sequence: 7 }),
      texts: { source_addr: "A", destination_addr: "6599", validity_period: "000000000100000R" },
      numbers: { source_addr_ton: 5, dest_addr_ton: 1, dest_addr_npi: 1, registered_delivery: 1 },
      message: Buffer.from("hi"),
      tlvs: [{ tag: VENDOR_TAGS.min, value: Buffer.from("1101") }],
    } as const;
    expect(encodePdu(pdu).toString("hex")).toBe(
      "0000004000000004000000000000000700050041000101363539390000000000" +
        Buffer.from("000000000100000R\0").toString("hex") +
        "010000000268691400000431313031",
    );
  });

  it.each([
    ["a command that is none", "00000010000000990000000000000001", statuses.ESME_RINVCMDID],
    ["nothing of its members", "00000010000000050000000000000001", statuses.ESME_RINVCMDLEN],
    ["a text without an end", "00000013000000050000000000000001414141", statuses.ESME_RINVCMDLEN],
  ])("with %s is answered with the standard's status", (_what, hex, status) => {
    expect(decodePdu(Buffer.from(hex, "hex"))).toMatchObject({ type: "malformed", status });
  });

  it("whose sm_length goes beyond it is ESME_RINVMSGLEN, a TLV that does so ESME_RINVOPTPARSTREAM", () => {
    const whole = encodePdu({
      ...emptyPdu({ command: "deliver_sm", sequence: 1 }),
      message: Buffer.from("abc"),
    });
    const long = Buffer.from(whole);
    long.writeUInt8(200, whole.length - 4);
    expect(decodePdu(long)).toMatchObject({ status: statuses.ESME_RINVMSGLEN });
    for (const tail of ["04", "0424", "04240005", "0424000561"]) {
      const odd = Buffer.concat([whole, Buffer.from(tail, "hex")]);
      expect(decodePdu(odd)).toMatchObject({ status: statuses.ESME_RINVOPTPARSTREAM });
    }
  });

  it("is not made of a text that is not its own octets: it would have other members", () => {
    for (const { kind, ...member } of layoutOf("submit_sm").members) {
      if (kind !== "text" || !("name" in member)) continue;
      for (const odd of ["A\0B", "A\u0100B", "A\u0141", "\u{1f600}"]) {
        expect(() => encode({ [member.name]: odd })).toThrow(RangeError);
      }
      expect(encode({ [member.name]: "\u0001\u00ff" }).includes("01ff00", 0, "hex")).toBe(true);
    }
  });

  it("that refuses may have a body, none or any other", () => {
    for (const body of ["", "414243", "4100", "ff"]) {
      const length = (16 + body.length / 2).toString(16).padStart(8, "0");
      const bytes = Buffer.from(`${length}800000040000005800000009${body}`, "hex");
      expect(decodePdu(bytes)).toMatchObject({
        type: "pdu",
        pdu: { command: "submit_sm_resp", status: 0x58, sequence: 9 },
      });
    }
  });

  it("of any bytes is read or told to be malformed", () => {
    const any = fc.tuple(fc.constantFrom(...commandNames), fc.uint8Array({ maxLength: 300 }));
    fc.assert(
      fc.property(any, ([command, body]) => {
        expect(["pdu", "malformed"]).toContain(decodePdu(withHeader(command, body)).type);
      }),
      { numRuns: 2_000 },
    );
  });
});
