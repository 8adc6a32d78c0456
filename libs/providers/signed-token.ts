import { type KeyLike, sign } from "node:crypto";

/** A token (RFC 7519) of `claims`, signed by RS256 with an RSA key. */
export function signedToken(claims: object, key: KeyLike): string {
  const signed = [{ alg: "RS256", typ: "JWT" }, claims].map(encoded).join(".");
  return `${signed}.${sign("sha256", Buffer.from(signed), key).toString("base64url")}`;
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
