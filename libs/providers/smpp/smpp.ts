// Any SMSC that speaks SMPP 3.4 as a provider.
import { connected, type OptionFault } from "../provider.ts";
import { SmppCredentials, SmppOptions } from "./access.ts";
import { smppAdapter } from "./adapter.ts";
import { smppProbe } from "./probe.ts";
import { isTimeZone } from "./zoned-time.ts";

export const smpp = connected({
  name: "smpp",
  channels: ["sms"],
  revokesOn: ["sms"],
  options: SmppOptions,
  credentials: SmppCredentials,
  keepsLine: true,
  // Each connection has a rule of its own, which its reports are held to before they are published.
  normalId: (providerMessageId) => providerMessageId,
  faultsOf,
  access: ({ options, credentials }) => ({
    connect: (line) => smppAdapter({ options, credentials, ...line }),
    probe: (probing) => smppProbe({ options, credentials }, probing),
  }),
});

function faultsOf({ address, timeZone, tlvs }: SmppOptions): OptionFault[] {
  const url = URL.parse(address);
  const hasHost = url !== null && url.hostname !== "" && url.port !== "0";
  const odd = tlvs.findIndex(({ text, hex }) => (text === undefined) === (hex === undefined));
  return [
    ...(hasHost
      ? []
      : [{ path: "/options/address", words: "must be a URL: there is no such host or port" }]),
    ...(isTimeZone(timeZone)
      ? []
      : [{ path: "/options/timeZone", words: "must be a time zone, such as Asia/Singapore" }]),
    ...(odd < 0 ? [] : [{ path: `/options/tlvs/${odd}`, words: "must have either text or hex" }]),
  ];
}
