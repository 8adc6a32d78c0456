// Taking a message back with cancel_sm (SMPP 3.4, section 4.9), part by part.
import type { RequestEnd } from "#libs/smpp/pending-requests.ts";
import type { Pool } from "#libs/smpp/pool.ts";
import type { Request } from "#libs/smpp/session.ts";
import { statusCode, statusText } from "#libs/smpp/statuses.ts";
import type { RevocationAnswer, Taken } from "../provider-adapter.ts";
import { UNKNOWN_ID } from "../revocation-of-end.ts";
import type { SmppOptions } from "./access.ts";
import { addressMembers } from "./addresses.ts";
import { writtenId } from "./one-id.ts";

type Canceling = { pool: Pool; options: SmppOptions; withinMs: number };

/** All parts, or it is not taken back. */
export async function cancelAll(taken: Taken, canceling: Canceling): Promise<RevocationAnswer> {
  const requests = cancelsOf(taken, canceling.options);
  if (requests.length === 0) return UNKNOWN_ID;
  const ends = await Promise.all(requests.map((request) => cancel(request, canceling)));
  return (
    ends.find(({ outcome }) => outcome === "NO_ANSWER") ??
    ends.find(({ outcome }) => outcome === "REFUSED") ?? { outcome: "REVOKED" }
  );
}

/** With an id the service type stays empty; the source address must be the message's own. */
function cancelsOf(
  { ids, sender, recipient }: Pick<Taken, "ids" | "sender" | "recipient">,
  options: Pick<SmppOptions, "source" | "destination" | "ids">,
): Request[] {
  const addresses = { sender: sender ?? "", recipient: recipient.msisdn ?? "" };
  const { texts, numbers } = addressMembers(addresses, options);
  return ids.map((id) => ({
    command: "cancel_sm",
    texts: { ...texts, message_id: writtenId(id, options.ids) },
    numbers,
  }));
}

async function cancel(request: Request, { pool, withinMs }: Canceling): Promise<RevocationAnswer> {
  const endsAt = performance.now() + withinMs;
  const place = await pool.enter(withinMs);
  if ("why" in place) return { outcome: "NO_ANSWER", code: "not-bound", text: place.why };
  const leftMs = Math.max(1, endsAt - performance.now());
  return answerOf(await place.send({ ...request, withinMs: leftMs }));
}

/** An SMSC that does not cancel does not say whether it came too late or never does. */
function answerOf(end: RequestEnd): RevocationAnswer {
  if (end.type === "unsent") return { outcome: "NO_ANSWER", code: "not-bound" };
  if (end.type === "lost") return { outcome: "NO_ANSWER", text: end.why };
  const { status } = end.pdu;
  if (status === 0) return { outcome: "REVOKED" };
  const code = statusCode(status);
  return { outcome: "REFUSED", code, text: `The SMSC answered with ${statusText(status)}.` };
}
