// Addresses as SMPP writes them: digits without a plus sign, and of which kind they are (TON, NPI).
import type { Numbers, Texts } from "#libs/smpp/commands.ts";
import type { ProviderAnswer } from "../provider-adapter.ts";
import type { SmppOptions } from "./access.ts";

type AddressKind = { ton: number; npi: number };

const INTERNATIONAL: AddressKind = { ton: 1, npi: 1 };
const SHORT_CODE: AddressKind = { ton: 3, npi: 0 };
const ALPHANUMERIC: AddressKind = { ton: 5, npi: 0 };
/** The SMSC takes the sender that it has for us. */
const NONE: AddressKind = { ton: 0, npi: 0 };
/** Without a plus sign; the longest short codes have eight digits. */
const SHORT = /^\d{1,8}$/;
const NUMBER = /^\+?\d+$/;
/** 21 octets with the zero octet at the end (SMPP 3.4, 5.2.8 and 5.2.9). */
const SOURCE = /^[\x20-\x7e]{0,20}$/;
const DESTINATION = /^\d{1,20}$/;

type Addresses = { sender: string; recipient: string };

/** The answer for an address that SMPP cannot write; undefined where it can write both. */
export function unwritable({ sender, recipient }: Addresses): ProviderAnswer | undefined {
  if (!SOURCE.test(withoutPlus(sender))) return SENDER_NOT_ENCODABLE;
  return DESTINATION.test(withoutPlus(recipient)) ? undefined : RECIPIENT_NOT_ENCODABLE;
}

const SENDER_NOT_ENCODABLE: ProviderAnswer = {
  type: "refused",
  code: "sender-not-encodable",
  errorClass: "SENDER",
  text: "A sender over SMPP has 20 printable ASCII characters at most, and this one is another.",
};

const RECIPIENT_NOT_ENCODABLE: ProviderAnswer = {
  type: "refused",
  code: "recipient-not-encodable",
  errorClass: "PERMANENT",
  text: "A recipient over SMPP is a number of 20 digits at most, and this one is none.",
};

/** `sender` as a step names it: letters, a short code or a number. Both can be written. */
export function addressMembers(
  { sender, recipient }: Addresses,
  { source, destination }: Pick<SmppOptions, "source" | "destination">,
): { texts: Texts; numbers: Numbers } {
  const from = source ?? kindOf(sender);
  const to = destination ?? INTERNATIONAL;
  return {
    texts: { source_addr: withoutPlus(sender), destination_addr: withoutPlus(recipient) },
    numbers: {
      source_addr_ton: from.ton,
      source_addr_npi: from.npi,
      dest_addr_ton: to.ton,
      dest_addr_npi: to.npi,
    },
  };
}

function kindOf(sender: string): AddressKind {
  if (sender === "") return NONE;
  if (SHORT.test(sender)) return SHORT_CODE;
  return NUMBER.test(sender) ? INTERNATIONAL : ALPHANUMERIC;
}

/** Of a number; letters stay what they are. */
function withoutPlus(address: string): string {
  return NUMBER.test(address) ? address.replace(/^\+/, "") : address;
}
