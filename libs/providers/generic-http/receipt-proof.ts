// What a gateway's receipts are believed by.
import { addressListProof } from "../authentication/address-list.ts";
import { hmacProof } from "../authentication/hmac.ts";
import type { Proof } from "../authentication/proof.ts";
import {
  basicProof,
  bearerProof,
  headerTokenProof,
  queryTokenProof,
} from "../authentication/token.ts";
import type { Values } from "./placeholders.ts";
import type { ReceiptProof } from "./receipt-options.ts";
import { fill } from "./template.ts";

/** Throws RangeError for what proves nothing: an empty secret, an empty list. */
export function proofOf(proof: ReceiptProof, secrets: Values): Proof {
  const of = (template: string) => fill(template, secrets, (text) => text);
  const { header, query, basic, bearer, hmac, addresses } = proof;
  if (header) return headerTokenProof(header.name, of(header.value));
  if (query) return queryTokenProof(query.name, of(query.value));
  if (basic) return basicProof({ user: of(basic.user), password: of(basic.password) });
  if (bearer) return bearerProof(of(bearer.token));
  if (hmac) {
    return hmacProof({
      secret: Buffer.from(of(hmac.key)),
      signatureHeader: hmac.header,
      timestampHeader: hmac.timestampHeader ?? null,
      form: hmac,
    });
  }
  return addressListProof(addresses ?? []);
}
