// A command as submit_sm: one, or one for each part.

import { addressOf } from "#libs/contracts/address-of.ts";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import type { Request } from "#libs/smpp/session.ts";
import type { Tlv } from "#libs/smpp/tlvs.ts";
import { noAddress } from "../no-address.ts";
import { notServed } from "../not-served.ts";
import type { ProviderAnswer } from "../provider-adapter.ts";
import type { SmppOptions } from "./access.ts";
import { addressMembers, unwritable } from "./addresses.ts";
import { type Part, textParts } from "./text-parts.ts";
import { validityPeriod } from "./validity-period.ts";

export type Submits = { requests: Request[]; segmentCount: number };

/** A receipt whatever becomes of it (SMPP 3.4, 5.2.17). */
const REGISTERED_DELIVERY = 1;

/** An answer where nobody need be asked. */
export function submitsOf(
  { recipient, channel, sender, content, ttlSeconds }: DispatchCommand,
  reference: number,
  options: SmppOptions,
): Submits | ProviderAnswer {
  const to = addressOf(recipient, channel);
  if (to === undefined) return noAddress;
  if (content.type !== "TEXT" || content.text === null) return notServed;
  const addresses = { sender: sender ?? "", recipient: to };
  const refused = unwritable(addresses);
  if (refused) return refused;
  const said = { text: content.text, encoding: content.smsEncoding ?? "AUTO", reference };
  const cut = textParts(said, options);
  if ("code" in cut) return { type: "refused", errorClass: "CONTENT", ...cut };
  const addressed = addressMembers(addresses, options);
  const texts = {
    ...addressed.texts,
    service_type: options.serviceType,
    validity_period: validityPeriod(ttlSeconds),
  };
  const ownTlvs = options.tlvs.map(tlvOf);
  const request = ({ numbers, message, tlvs }: Part): Request => ({
    command: "submit_sm",
    texts,
    numbers: { ...addressed.numbers, registered_delivery: REGISTERED_DELIVERY, ...numbers },
    message,
    tlvs: [...tlvs, ...ownTlvs],
  });
  return { requests: cut.parts.map(request), segmentCount: cut.segmentCount };
}

function tlvOf({ tag, text = "", hex }: SmppOptions["tlvs"][number]): Tlv {
  const value = hex === undefined ? Buffer.from(text) : Buffer.from(hex, "hex");
  return { tag: Number(tag), value };
}
