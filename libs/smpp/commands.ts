// The commands of SMPP 3.4 that a client of an SMSC meets (section 5.1.2.1), and what each consists of
// (section 4): its mandatory members in their order.

/** Ends with a zero octet. */
type TextMember =
  | "system_id"
  | "password"
  | "system_type"
  | "address_range"
  | "service_type"
  | "source_addr"
  | "destination_addr"
  | "schedule_delivery_time"
  | "validity_period"
  | "message_id"
  | "final_date"
  | "esme_addr";

/** One octet. */
type NumberMember =
  | "interface_version"
  | "addr_ton"
  | "addr_npi"
  | "source_addr_ton"
  | "source_addr_npi"
  | "dest_addr_ton"
  | "dest_addr_npi"
  | "esme_addr_ton"
  | "esme_addr_npi"
  | "esm_class"
  | "protocol_id"
  | "priority_flag"
  | "registered_delivery"
  | "replace_if_present_flag"
  | "data_coding"
  | "sm_default_msg_id"
  | "message_state"
  | "error_code";

export type Member =
  | { readonly kind: "text"; readonly name: TextMember }
  | { readonly kind: "number"; readonly name: NumberMember }
  /** `sm_length`, and so many octets. */
  | { readonly kind: "message" };

export type Texts = Readonly<Partial<Record<TextMember, string>>>;
export type Numbers = Readonly<Partial<Record<NumberMember, number>>>;

const text = (name: TextMember): Member => ({ kind: "text", name });
const number = (name: NumberMember): Member => ({ kind: "number", name });

const bind: readonly Member[] = [
  text("system_id"),
  text("password"),
  text("system_type"),
  number("interface_version"),
  number("addr_ton"),
  number("addr_npi"),
  text("address_range"),
];
const bindResp = [text("system_id")];
const source = [number("source_addr_ton"), number("source_addr_npi"), text("source_addr")];
const destination = [number("dest_addr_ton"), number("dest_addr_npi"), text("destination_addr")];
const shortMessage: readonly Member[] = [
  text("service_type"),
  ...source,
  ...destination,
  number("esm_class"),
  number("protocol_id"),
  number("priority_flag"),
  text("schedule_delivery_time"),
  text("validity_period"),
  number("registered_delivery"),
  number("replace_if_present_flag"),
  number("data_coding"),
  number("sm_default_msg_id"),
  { kind: "message" },
];
const messageId = [text("message_id")];

type Layout = { readonly id: number; readonly members: readonly Member[] };

const layouts = {
  generic_nack: { id: 0x8000_0000, members: [] },
  bind_receiver: { id: 0x0000_0001, members: bind },
  bind_receiver_resp: { id: 0x8000_0001, members: bindResp },
  bind_transmitter: { id: 0x0000_0002, members: bind },
  bind_transmitter_resp: { id: 0x8000_0002, members: bindResp },
  query_sm: { id: 0x0000_0003, members: [...messageId, ...source] },
  query_sm_resp: {
    id: 0x8000_0003,
    members: [...messageId, text("final_date"), number("message_state"), number("error_code")],
  },
  submit_sm: { id: 0x0000_0004, members: shortMessage },
  submit_sm_resp: { id: 0x8000_0004, members: messageId },
  deliver_sm: { id: 0x0000_0005, members: shortMessage },
  deliver_sm_resp: { id: 0x8000_0005, members: messageId },
  unbind: { id: 0x0000_0006, members: [] },
  unbind_resp: { id: 0x8000_0006, members: [] },
  cancel_sm: {
    id: 0x0000_0008,
    members: [text("service_type"), ...messageId, ...source, ...destination],
  },
  cancel_sm_resp: { id: 0x8000_0008, members: [] },
  bind_transceiver: { id: 0x0000_0009, members: bind },
  bind_transceiver_resp: { id: 0x8000_0009, members: bindResp },
  outbind: { id: 0x0000_000b, members: [text("system_id"), text("password")] },
  enquire_link: { id: 0x0000_0015, members: [] },
  enquire_link_resp: { id: 0x8000_0015, members: [] },
  alert_notification: {
    id: 0x0000_0102,
    members: [...source, number("esme_addr_ton"), number("esme_addr_npi"), text("esme_addr")],
  },
  data_sm: {
    id: 0x0000_0103,
    members: [
      text("service_type"),
      ...source,
      ...destination,
      number("esm_class"),
      number("registered_delivery"),
      number("data_coding"),
    ],
  },
  data_sm_resp: { id: 0x8000_0103, members: messageId },
} as const satisfies Record<string, Layout>;

export type CommandName = keyof typeof layouts;

/** All of them. */
export const commandNames: readonly CommandName[] = Object.keys(layouts).filter(isCommandName);

const namesById = new Map(
  commandNames.map((name): [number, CommandName] => [layouts[name].id, name]),
);

function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(layouts, name);
}

export function layoutOf(name: CommandName): Layout {
  return layouts[name];
}

/** Undefined for one that is none of SMPP 3.4's, or nothing for a client. */
export function commandOf(id: number): CommandName | undefined {
  return namesById.get(id);
}

/** The highest bit tells answers from questions. */
export function isResponse(command: CommandName): boolean {
  return layouts[command].id >= 0x8000_0000;
}

/** What a question is answered with. */
export function responseTo(command: CommandName): CommandName | undefined {
  return isResponse(command) ? undefined : commandOf(layouts[command].id + 0x8000_0000);
}
