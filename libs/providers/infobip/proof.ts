// How Infobip proves its posts: as the account's subscription says, by an HMAC over the raw body or by a
// name and a password. Nothing signs what it posts to an address that a message named; that address
// ends with a word that nobody can guess, and which only the account and Infobip know.
import { createHmac } from "node:crypto";
import { isSameText } from "#libs/same-text.ts";
import { demandSecret, headerOf, type Proof } from "../authentication/proof.ts";
import { basicProof } from "../authentication/token.ts";
import type { InfobipCredentials, InfobipOptions } from "./access.ts";

type Given = {
  options: Pick<InfobipOptions, "signatureHeader">;
  credentials: Omit<InfobipCredentials, "apiKey">;
};

/** Everything that the connection has a secret for must be right. */
export function infobipProof({ options, credentials }: Given): Proof {
  const { webhookSecret, webhookUser = "", webhookPassword } = credentials;
  const proofs = [
    ...(webhookSecret === undefined ? [] : [signed(options.signatureHeader, webhookSecret)]),
    ...(webhookPassword === undefined
      ? []
      : [basicProof({ user: webhookUser, password: webhookPassword })]),
  ];
  return (post, now) => proofs.every((proof) => proof(post, now));
}

/** HMAC-SHA256 of the body, in hex. The account chooses the header's name. */
function signed(header: string, secret: string): Proof {
  demandSecret(secret);
  return (post) => {
    const signature = headerOf(post, header.toLowerCase());
    if (signature === undefined) return false;
    const expected = createHmac("sha256", secret).update(post.body).digest("hex");
    return isSameText(signature.toLowerCase(), expected);
  };
}
