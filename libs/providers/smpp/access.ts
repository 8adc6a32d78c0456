// What a connection to an SMSC is made of.
import { type Static, Type } from "typebox";

const strict = { additionalProperties: false };
const octet = Type.Integer({ minimum: 0, maximum: 255 });
const AddressKind = Type.Object({ ton: octet, npi: octet }, strict);
const writtenAs = Type.Enum(["text", "decimal", "hex"], { default: "text" });

const IdRule = Type.Object(
  {
    response: writtenAs,
    receipt: writtenAs,
    ignoreCase: Type.Boolean({ default: false }),
    ignoreZeros: Type.Boolean({ default: false, description: "Leading ones." }),
    ignoreDashes: Type.Boolean({ default: false }),
  },
  { ...strict, description: "How the same id is written in the answer and in the receipt." },
);

export const SmppOptions = Type.Object(
  {
    address: Type.String({
      pattern: "^smpps?://[^\\s/?#@]+:[0-9]{1,5}$",
      patternWords: "must be smpp://host:port, or smpps://host:port over TLS",
      maxLength: 200,
      description: "`smpp://host:port`, or `smpps://` over TLS.",
    }),
    tlsServerName: Type.Optional(
      Type.String({
        pattern: "^[A-Za-z0-9.-]{1,253}$",
        description: "In the SMSC's certificate; absent: the host.",
      }),
    ),
    systemType: Type.String({ pattern: "^[\\x20-\\x7e]*$", maxLength: 12, default: "" }),
    bind: Type.Enum(["transceiver", "pair"], {
      default: "transceiver",
      description: "`pair`: a transmitter and a receiver.",
    }),
    binds: Type.Integer({
      minimum: 1,
      maximum: 10,
      default: 1,
      description: "Of each process that sends SMS.",
    }),
    window: Type.Integer({
      minimum: 1,
      maximum: 1_000,
      default: 10,
      description: "Requests without an answer on each bind.",
    }),
    rate: Type.Number({
      minimum: 0.1,
      maximum: 10_000,
      default: 50,
      description: "Segments a second, of each process that sends SMS.",
    }),
    enquireSeconds: Type.Integer({ minimum: 5, maximum: 600, default: 30 }),
    serviceType: Type.String({ pattern: "^[\\x20-\\x7e]*$", maxLength: 5, default: "" }),
    source: Type.Optional(AddressKind),
    destination: Type.Optional(AddressKind),
    timeZone: Type.String({
      maxLength: 64,
      default: "UTC",
      description: "Of the dates in receipts: `Asia/Singapore`.",
    }),
    longText: Type.Enum(["udh", "sar", "payload"], { default: "udh" }),
    alphabet: Type.Enum(["gsm", "gsm-packed", "latin1"], { default: "gsm" }),
    dataCoding: Type.Optional(octet),
    ids: Type.Optional(IdRule),
    tlvs: Type.Array(
      Type.Object(
        {
          tag: Type.String({ pattern: "^0x(1[4-9a-fA-F]|[23][0-9a-fA-F])[0-9a-fA-F]{2}$" }),
          text: Type.Optional(Type.String({ maxLength: 500 })),
          hex: Type.Optional(Type.String({ pattern: "^([0-9a-fA-F]{2}){0,500}$" })),
        },
        strict,
      ),
      { maxItems: 20, default: [], description: "A vendor's own, with each message." },
    ),
    receiptTrust: Type.Record(
      Type.String({ pattern: "^([A-Z]{2}|default)$" }),
      Type.Enum(["handset", "carrier", "none"]),
      {
        default: {},
        description: "By country: who says `delivered`, the phone or only a carrier before it.",
      },
    ),
  },
  strict,
);
export type SmppOptions = Static<typeof SmppOptions>;
export type IdRule = Static<typeof IdRule>;

/** SMPP 3.4 has 15 and 8 characters; carriers have longer ones. */
const login = {
  pattern: "^[\\x20-\\x7e]*$",
  patternWords: "must be printable ASCII",
  maxLength: 64,
};
const pem = {
  pattern: "^-----BEGIN [A-Z ]+-----[A-Za-z0-9+/=\\s-]+$",
  patternWords: "must be in PEM, which begins with -----BEGIN",
  maxLength: 10_000,
};

export const SmppCredentials = Type.Object(
  {
    systemId: Type.String({ ...login, minLength: 1 }),
    password: Type.String(login),
    clientCertificate: Type.Optional(Type.String({ ...pem, description: "In PEM, with its key." })),
    clientKey: Type.Optional(Type.String(pem)),
    authority: Type.Optional(
      Type.String({
        ...pem,
        description: "Who signed the SMSC's certificate, where nobody knows.",
      }),
    ),
  },
  strict,
);
export type SmppCredentials = Static<typeof SmppCredentials>;
