// A server that does not believe us, or that we do not believe: nothing that passes by itself, so
// whoever starts is told which variable to look at. What the variable holds is never said.
import { ConfigError } from "./read-env.ts";

/** `server` as in "the Kafka broker"; `prefix` of its variables, as in `KAFKA`. */
export type Server = { server: string; prefix: string };

/** The ConfigError for a fault of TLS; undefined for whatever else went wrong. */
export function tlsRefusal(error: unknown, { server, prefix }: Server): ConfigError | undefined {
  const code = codeOf(error);
  const why = code === undefined ? undefined : explain(code, prefix);
  if (why === undefined) return undefined;
  return new ConfigError([`${prefix}_TLS: ${server} ${why} (${code}).`]);
}

/** For a name and password, token or certificate that `server` does not take. */
export function loginRefusal({ server, prefix }: Server): ConfigError {
  const variables = `${prefix}_USERNAME and ${prefix}_PASSWORD`;
  return new ConfigError([`${variables}: ${server} does not take them, or wants some.`]);
}

function explain(code: string, prefix: string): string | undefined {
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return "has a certificate for another host";
  if (code === "CERT_HAS_EXPIRED") return "has a certificate whose time is over";
  if (UNTRUSTED.has(code)) return `has a certificate that ${prefix}_TLS_CA does not vouch for`;
  if (/^ERR_SSL_.*WRONG_VERSION_NUMBER$/.test(code)) return "does not speak TLS there";
  if (/^ERR_SSL_.*ALERT/.test(code)) return `does not take our certificate, ${prefix}_TLS_CERT`;
  return undefined;
}

/** OpenSSL's names for a chain that does not end at an authority that is believed. */
const UNTRUSTED = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "CERT_SIGNATURE_FAILURE",
]);

/** The innermost code: clients wrap what node:tls says. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const inner = codeOf(error.cause);
  if (inner !== undefined) return inner;
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}
