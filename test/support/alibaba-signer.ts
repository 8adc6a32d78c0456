// A call of Alibaba's RPC as its clients sign it, for what is asked without one of them.
import { createHash, createHmac, randomBytes } from "node:crypto";
import type { InjectOptions } from "fastify";

type Signing = {
  accessKeyId?: string;
  secret?: string;
  /** Epoch ms. */
  at?: number;
  nonce?: string;
  action?: string;
  version?: string;
  host?: string;
};
type Parameters = Readonly<Record<string, string>>;

/** `form` becomes the body; `query` goes where Node's client puts `Content`. */
export function signedCall(
  { form = {}, query = {} }: { form?: Parameters; query?: Parameters },
  signing: Signing = {},
): InjectOptions {
  const payload = encodeForm(form);
  const search = encodeForm(query);
  const headers = signedHeaders({ payload, search }, signing);
  return { method: "POST", url: search === "" ? "/" : `/?${search}`, headers, payload };
}

/** `search` is sorted by name. */
export function signedHeaders(
  { payload, search = "" }: { payload: string | Buffer; search?: string },
  signing: Signing = {},
): Record<string, string> {
  const { accessKeyId = "demo", secret = "demo-secret", at = Date.now() } = signing;
  const { nonce = randomBytes(16).toString("hex"), host = "localhost:80" } = signing;
  const signed: Record<string, string> = {
    "content-type": "application/x-www-form-urlencoded",
    "x-acs-action": signing.action ?? "SendChatappMessage",
    "x-acs-content-sha256": sha256(payload),
    "x-acs-date": `${new Date(at).toISOString().slice(0, 19)}Z`,
    "x-acs-signature-nonce": nonce,
    "x-acs-version": signing.version ?? "2020-06-06",
  };
  const all: Record<string, string> = { ...signed, host };
  const names = Object.keys(all).toSorted();
  const lines = names.map((name) => `${name}:${all[name]}\n`).join("");
  const canonical = ["POST", "/", search, lines, names.join(";"), sha256(payload)].join("\n");
  const text = `ACS3-HMAC-SHA256\n${sha256(canonical)}`;
  const signature = createHmac("sha256", secret).update(text).digest("hex");
  const authorization = `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${names.join(";")},Signature=${signature}`;
  return { ...signed, authorization };
}

/** Sorted by name, so that it is its own canonical form. */
export function encodeForm(parameters: Parameters): string {
  const pairs = Object.entries(parameters).map(
    ([name, value]) => `${encode(name)}=${encode(value)}`,
  );
  return pairs.toSorted().join("&");
}

/** By RFC 3986. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(/[!'()*]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}
