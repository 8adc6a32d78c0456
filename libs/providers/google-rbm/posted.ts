// What Google posts to a webhook: an event in an envelope, or the question whether the webhook is ours.
import { Type } from "typebox";
import { Value } from "typebox/value";
import { parseJson } from "#libs/json/parse-json.ts";
import { isSameText } from "#libs/same-text.ts";
import { signAs } from "../authentication/hmac.ts";
import { demandSecret, headerOf, type Proof, type RawPost } from "../authentication/proof.ts";

/** Events and messages of users have some hundred bytes. Longer ones are nobody's: they would be parsed to prove it. */
const BODY_BYTES_MAX = 256 * 1024;

const Envelope = Type.Object({
  message: Type.Object({ data: Type.String({ pattern: "^[A-Za-z0-9+/_-]*={0,2}$" }) }),
});
const Question = Type.Object({ clientToken: Type.String(), secret: Type.String() });

/** The event's own JSON; undefined for what is no event. */
export function dataOf(body: Buffer): Buffer | undefined {
  if (body.length > BODY_BYTES_MAX) return undefined;
  const envelope = parseJson(body.toString());
  if (!Value.Check(Envelope, envelope)) return undefined;
  return Buffer.from(envelope.message.data, "base64");
}

const FORM = { hash: "sha512", encoding: "base64", prefix: "" } as const;

/** `X-Goog-Signature`: HMAC-SHA512 of the decoded data by the client token (Google's page "Webhooks"). */
export function rbmProof(clientToken: string): Proof {
  demandSecret(clientToken);
  const secret = Buffer.from(clientToken);
  return (post) => {
    const signature = headerOf(post, "x-goog-signature");
    const data = signature === undefined ? undefined : dataOf(post.body);
    if (signature === undefined || data === undefined) return false;
    return isSameText(signature, signAs(FORM, secret, data));
  };
}

/** Asked once, when the webhook is set up: its secret goes back to whoever knows the client token. */
export function rbmQuestion({ body }: RawPost, clientToken: string): string | undefined {
  if (body.length > BODY_BYTES_MAX) return undefined;
  const asked = parseJson(body.toString());
  if (!Value.Check(Question, asked) || !isSameText(asked.clientToken, clientToken))
    return undefined;
  return asked.secret;
}
