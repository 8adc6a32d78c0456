// Addresses as SMPP writes them: digits without a plus sign, and of which kind they are (TON, NPI).
import type { Numbers, Texts } from "#libs/smpp/commands.ts";
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

/** `sender` as a step names it: letters, a short code or a number. */
export function addressMembers(
  { sender, recipient }: { sender: string; recipient: string },
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

function withoutPlus(address: string): string {
  return address.replace(/^\+/, "");
}
