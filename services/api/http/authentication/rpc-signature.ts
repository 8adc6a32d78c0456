// Alibaba Cloud's signature of version 1.0 for RPC, which their SDKs call v2: HMAC-SHA1 over all
// parameters (https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism).
import { createHmac } from "node:crypto";
import { isSameText } from "#libs/same-text.ts";
import { canonicalParameters, encode, type SignatureScheme } from "./signature.ts";

export const rpcSignature: SignatureScheme = ({ method, query, form }) => {
  const all = [...query, ...form];
  const named = new Map(all);
  const said = (name: string) => named.get(name) ?? "";
  const [accessKeyId, signature] = [said("AccessKeyId"), said("Signature")];
  if (accessKeyId === "" || signature === "") return undefined;
  // Which of two is meant nobody can say, and both would be signed.
  const isClear = named.size === all.length;
  const isKnown = said("SignatureMethod") === "HMAC-SHA1" && said("SignatureVersion") === "1.0";
  // Only of a key that there is, and of now: a stranger must not make us sign megabytes.
  const expected = (secret: string) => {
    const signed = canonicalParameters(all.filter(([name]) => name !== "Signature"));
    return sign(`${method}&${encode("/")}&${encode(signed)}`, secret);
  };
  return {
    accessKeyId,
    action: said("Action"),
    version: said("Version"),
    signedAt: said("Timestamp"),
    nonce: said("SignatureNonce"),
    isGood: (secret) => isClear && isKnown && isSameText(signature, expected(secret)),
  };
};

function sign(text: string, secret: string): string {
  return createHmac("sha1", `${secret}&`).update(text).digest("base64");
}
