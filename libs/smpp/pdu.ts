// PDUs of SMPP 3.4 and their bytes. What is malformed is told, never thrown: a peer's bytes must not
// end anything but its own request.
import {
  type CommandName,
  commandOf,
  isResponse,
  layoutOf,
  type Member,
  type Numbers,
  type Texts,
} from "./commands.ts";
import { HEADER_BYTES } from "./limits.ts";
import { statuses } from "./statuses.ts";
import { decodeTlvs, encodeTlv, type Tlv } from "./tlvs.ts";

export type Pdu = {
  command: CommandName;
  status: number;
  sequence: number;
  /** In Latin-1, octet by octet. */
  texts: Texts;
  numbers: Numbers;
  /** `short_message`. */
  message: Buffer;
  /** In their order. */
  tlvs: readonly Tlv[];
};

/** Where a PDU says nothing of a member, it is empty or zero. */
export type PduContent = Partial<Pick<Pdu, "texts" | "numbers" | "message" | "tlvs">>;

export type Header = { commandId: number; status: number; sequence: number };

/** `status`: what a peer is answered that has sent it. `bytes`: the whole PDU. */
export type Malformed = {
  type: "malformed";
  status: number;
  why: string;
  header: Header;
  bytes: Buffer;
};
export type Decoded = { type: "pdu"; pdu: Pdu } | Malformed;

const NO_MESSAGE: Buffer = Buffer.alloc(0);

/** A PDU without content. */
export function emptyPdu(head: Pick<Pdu, "command" | "sequence"> & { status?: number }): Pdu {
  return { status: 0, ...head, texts: {}, numbers: {}, message: NO_MESSAGE, tlvs: [] };
}

/** Throws RangeError for a text beyond its octets, or a `message` of more than 255 octets: never a peer's fault. */
export function encodePdu({ command, status, sequence, ...content }: Pdu): Buffer {
  const { id, members } = layoutOf(command);
  const body = [
    ...members.map((member) => encodeMember(member, content)),
    ...content.tlvs.map(encodeTlv),
  ];
  const head = Buffer.alloc(HEADER_BYTES);
  const byteCount = body.reduce((sum, { length }) => sum + length, HEADER_BYTES);
  for (const [index, value] of [byteCount, id, status, sequence].entries()) {
    head.writeUInt32BE(value, 4 * index);
  }
  return Buffer.concat([head, ...body]);
}

/** Of the bytes of exactly one PDU, as the framer cuts them. */
export function decodePdu(bytes: Buffer): Decoded {
  const header = {
    commandId: bytes.readUInt32BE(4),
    status: bytes.readUInt32BE(8),
    sequence: bytes.readUInt32BE(12),
  };
  const command = commandOf(header.commandId);
  const malformed = (status: number, why: string): Malformed => {
    return { type: "malformed", status, why, header, bytes };
  };
  if (command === undefined) return malformed(statuses.ESME_RINVCMDID, "no command of SMPP 3.4");
  const { status, sequence } = header;
  const head = { command, status, sequence };
  // Refusals have no body (section 4.4.2), and many peers leave out that of a plain yes.
  const body = bytes.subarray(HEADER_BYTES);
  if (isResponse(command) && (body.length === 0 || status !== 0)) {
    return { type: "pdu", pdu: { ...emptyPdu(head), ...refusalContent(command, body) } };
  }
  const content = decodeContent(body, layoutOf(command).members);
  if ("why" in content) return malformed(content.status, content.why);
  return { type: "pdu", pdu: { ...head, ...content } };
}

/** What a refusal says beside its status is of use where it can be read. */
function refusalContent(command: CommandName, body: Buffer): PduContent {
  const content = decodeContent(body, layoutOf(command).members);
  return "why" in content ? {} : content;
}

type Content = Required<PduContent>;
type Fault = { status: number; why: string };

function encodeMember(member: Member, { texts, numbers, message }: Content): Buffer {
  switch (member.kind) {
    case "text":
      return encodeText(texts[member.name] ?? "");
    case "number":
      return Buffer.of(numbers[member.name] ?? 0);
    case "message":
      if (message.length > 255) throw new RangeError("A short_message has 255 octets at most.");
      return Buffer.concat([Buffer.of(message.length), message]);
  }
}

/** Zero ends a text. Of what is beyond an octet Latin-1 would keep the lower one, which may be zero too. */
// oxlint-disable-next-line no-control-regex -- these are what it is about
const OCTETS = /^[\u0001-\u00ff]*$/;

function encodeText(text: string): Buffer {
  if (!OCTETS.test(text)) throw new RangeError("A text of SMPP holds octets, and no zero octet.");
  return Buffer.from(`${text}\0`, "latin1");
}

function decodeContent(body: Buffer, members: readonly Member[]): Content | Fault {
  const texts: Partial<Record<keyof Texts, string>> = {};
  const numbers: Partial<Record<keyof Numbers, number>> = {};
  let message: Buffer = NO_MESSAGE;
  let at = 0;
  for (const member of members) {
    const end = endOf(member, body, at);
    if (typeof end === "object") return end;
    if (member.kind === "text") texts[member.name] = body.toString("latin1", at, end - 1);
    else if (member.kind === "number") numbers[member.name] = body.readUInt8(at);
    else message = body.subarray(at + 1, end);
    at = end;
  }
  const tlvs = decodeTlvs(body.subarray(at));
  if (tlvs) return { texts, numbers, message, tlvs };
  return { status: statuses.ESME_RINVOPTPARSTREAM, why: "a TLV goes beyond the PDU" };
}

/** Where what stands behind a member begins. */
function endOf(member: Member, body: Buffer, at: number): number | Fault {
  if (member.kind === "text") {
    const zero = body.indexOf(0, at);
    if (zero >= at) return zero + 1;
    return { status: statuses.ESME_RINVCMDLEN, why: `${member.name} has no end` };
  }
  const name = member.kind === "number" ? member.name : "sm_length";
  if (at >= body.length) return { status: statuses.ESME_RINVCMDLEN, why: `${name} is missing` };
  if (member.kind === "number") return at + 1;
  const end = at + 1 + body.readUInt8(at);
  if (end <= body.length) return end;
  return { status: statuses.ESME_RINVMSGLEN, why: "sm_length goes beyond the PDU" };
}
