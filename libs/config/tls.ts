// TLS of a connection that we open: whom we believe, and by which certificate we are known.
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import type { EnvReader } from "./read-env.ts";

/** PEM texts, as node:tls takes them. Without `ca`, the authorities that Node brings are believed. */
export type Tls = { ca?: string; cert?: string; key?: string; passphrase?: string };

type TlsRule = {
  /** Of the variables: `<prefix>_TLS_CA`, `_CERT`, `_KEY` and `_KEY_PASSPHRASE`, each also `_FILE`. */
  prefix: string;
  isOn: boolean;
  /** What turns TLS on, to be said to whoever set its variables only. */
  how: string;
};

/** Undefined where TLS is off. What does not fit together, and what is no PEM, is a fault. */
export function readTls(read: EnvReader, { prefix, isOn, how }: TlsRule): Tls | undefined {
  const variable = (part: string) => `${prefix}_TLS_${part}`;
  const given = (part: string) => read.password(variable(part));
  const [ca, cert, key, passphrase] = [
    given("CA"),
    given("CERT"),
    given("KEY"),
    given("KEY_PASSPHRASE"),
  ];
  if (!isOn) {
    if (ca || cert || key) read.fault(`${how}, or ${variable("*")} is of no use.`, undefined);
    return undefined;
  }
  if (ca) readCertificate(read, variable("CA"), ca);
  if (cert && !key) read.fault(`${variable("CERT")} needs ${variable("KEY")}.`, undefined);
  if (key && !cert) read.fault(`${variable("KEY")} needs ${variable("CERT")}.`, undefined);
  if (cert && key) checkPair(read, variable, { cert, key, passphrase });
  return {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(passphrase && { passphrase }),
  };
}

type Pair = { cert: string; key: string; passphrase: string };

function checkPair(read: EnvReader, variable: (part: string) => string, pair: Pair): void {
  const certificate = readCertificate(read, variable("CERT"), pair.cert);
  const key = readKey(pair);
  if (key === undefined) {
    const which = `${variable("KEY")} is no private key in PEM`;
    read.fault(`${which}, or ${variable("KEY_PASSPHRASE")} does not open it.`, undefined);
  } else if (certificate && !certificate.checkPrivateKey(key)) {
    read.fault(`${variable("KEY")} is not the key of ${variable("CERT")}.`, undefined);
  }
}

function readKey({ key, passphrase }: Pair): KeyObject | undefined {
  try {
    return createPrivateKey({ key, ...(passphrase && { passphrase }) });
  } catch {
    // What OpenSSL says of it helps nobody.
    return undefined;
  }
}

/** The first certificate of a PEM text; also tells of one whose time is over. */
function readCertificate(read: EnvReader, name: string, pem: string): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(pem);
    if (certificate.validToDate.getTime() < Date.now()) {
      read.warn(`${name}: the certificate was valid until ${certificate.validTo}.`);
    }
    return certificate;
  } catch {
    return read.fault(`${name} is no certificate in PEM.`, undefined);
  }
}
