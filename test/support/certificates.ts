// Certificates made for one run of a test: an authority and what it signs. X.509 in DER by hand,
// because neither Node nor a JRE can make them, and not every machine has OpenSSL's command.
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

export type Certified = { cert: string; key: string };
export type Authority = {
  /** The authority's own certificate in PEM. */
  ca: string;
  /** A certificate for `localhost` and 127.0.0.1, good for servers and clients, and its key. */
  certify(commonName: string): Certified;
};

const DAY_MS = 86_400_000;
const ECDSA_WITH_SHA256 = sequence(oid([42, 134, 72, 206, 61, 4, 3, 2]));
const BASIC_CONSTRAINTS = [85, 29, 19];
const SUBJECT_ALT_NAME = [85, 29, 17];

/** An authority that nobody believes until they are given its certificate. */
export function newAuthority(name: string): Authority {
  const own = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const issuer = { name, key: own.privateKey };
  return {
    ca: issue(issuer, { name, key: own.publicKey }, [isAuthority()]),
    certify(commonName) {
      const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const cert = issue(issuer, { name: commonName, key: pair.publicKey }, [hosts()]);
      return { cert, key: pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
    },
  };
}

type Party = { name: string; key: KeyObject };

function issue(issuer: Party, subject: Party, extensions: Buffer[]): string {
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(15)]);
  const toBeSigned = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    ECDSA_WITH_SHA256,
    nameOf(issuer.name),
    sequence(time(Date.now() - DAY_MS), time(Date.now() + DAY_MS)),
    nameOf(subject.name),
    subject.key.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(...extensions)),
  );
  const signature = sign("sha256", toBeSigned, issuer.key);
  const der = sequence(toBeSigned, ECDSA_WITH_SHA256, bits(signature));
  // OpenSSL takes no empty line.
  const lines = der
    .toString("base64")
    .match(/.{1,64}/g)!
    .join("\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function isAuthority(): Buffer {
  const isCa = tagged(0x01, Buffer.from([0xff]));
  return sequence(oid(BASIC_CONSTRAINTS), isCa, tagged(0x04, sequence(isCa)));
}

function hosts(): Buffer {
  const names = sequence(
    tagged(0x82, Buffer.from("localhost")),
    tagged(0x87, Buffer.from([127, 0, 0, 1])),
  );
  return sequence(oid(SUBJECT_ALT_NAME), tagged(0x04, names));
}

function nameOf(commonName: string): Buffer {
  const attribute = sequence(oid([85, 4, 3]), tagged(0x0c, Buffer.from(commonName)));
  return sequence(tagged(0x31, attribute));
}

function time(instant: number): Buffer {
  const text = new Date(instant).toISOString().replace(/[-:T]|\.\d+/g, "");
  return tagged(0x18, Buffer.from(text));
}

function oid(bytes: readonly number[]): Buffer {
  return tagged(0x06, Buffer.from(bytes));
}

function integer(bytes: Buffer): Buffer {
  return tagged(0x02, bytes);
}

function bits(bytes: Buffer): Buffer {
  return tagged(0x03, Buffer.concat([Buffer.from([0]), bytes]));
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

/** A tag, the length in the shortest form, the content. */
function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const size = Buffer.from(length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]);
  return Buffer.concat([Buffer.from([tag]), size, content]);
}
