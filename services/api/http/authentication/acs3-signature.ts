// Alibaba Cloud's signature of version 3, `ACS3-HMAC-SHA256`
// (https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature).
import { createHash, createHmac } from "node:crypto";
import { isSameText } from "#libs/same-text.ts";
import { canonicalParameters, type SignatureScheme, type SignedRequest } from "./signature.ts";

const ALGORITHM = "ACS3-HMAC-SHA256";
const FORM =
  /^ACS3-HMAC-SHA256 Credential=([^\s,]{1,128}),\s*SignedHeaders=([a-z0-9;-]{1,1024}),\s*Signature=([0-9a-f]{64})$/;

/** What says what is asked for, of whom, when, and with which body: unsigned, others could change it. */
const MUST_BE_SIGNED = [
  "host",
  "x-acs-action",
  "x-acs-content-sha256",
  "x-acs-date",
  "x-acs-signature-nonce",
  "x-acs-version",
];

export const acs3Signature: SignatureScheme = (request) => {
  const { headers, body } = request;
  const [, accessKeyId, names, signature] = FORM.exec(headers.authorization ?? "") ?? [];
  if (accessKeyId === undefined || names === undefined || signature === undefined) return undefined;
  const signedNames = names.split(";");
  return {
    accessKeyId,
    action: headerOf(request, "x-acs-action"),
    version: headerOf(request, "x-acs-version"),
    signedAt: headerOf(request, "x-acs-date"),
    nonce: headerOf(request, "x-acs-signature-nonce"),
    isGood: (secret) =>
      MUST_BE_SIGNED.every((name) => signedNames.includes(name)) &&
      isSameText(headerOf(request, "x-acs-content-sha256"), sha256(body)) &&
      isSameText(signature, sign(canonicalRequest(request, signedNames), secret)),
  };
};

function sign(canonical: string, secret: string): string {
  const text = `${ALGORITHM}\n${sha256(canonical)}`;
  return createHmac("sha256", secret).update(text).digest("hex");
}

function canonicalRequest(request: SignedRequest, signedNames: readonly string[]): string {
  const { method, path, query } = request;
  const headers = signedNames.map((name) => `${name}:${headerOf(request, name)}\n`).join("");
  const parts = [method, path, canonicalParameters(query), headers, signedNames.join(";")];
  return [...parts, headerOf(request, "x-acs-content-sha256")].join("\n");
}

function headerOf({ headers }: SignedRequest, name: string): string {
  const value = headers[name] ?? "";
  return (typeof value === "string" ? value : value.join(",")).trim();
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}
