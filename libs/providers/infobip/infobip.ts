// Infobip as a provider.
import { callbackUrl } from "../callback-url.ts";
import { probeHttp } from "../probe.ts";
import { type Calling, connected } from "../provider.ts";
import { InfobipCredentials, InfobipOptions } from "./access.ts";
import { infobipAdapter } from "./adapter.ts";
import { pollInfobip } from "./poll.ts";
import { infobipProbe } from "./probe.ts";
import { infobipProof } from "./proof.ts";
import { parseInfobipReceipts } from "./receipts.ts";

const ALL = ["sms", "viber", "rcs", "whatsapp"] as const;

export const infobip = connected({
  name: "infobip",
  channels: ALL,
  options: InfobipOptions,
  credentials: InfobipCredentials,
  normalId: (providerMessageId) => providerMessageId,
  faultsOf: ({ receipts, bridgeUrl }) =>
    receipts === "poll" && bridgeUrl !== undefined
      ? [{ path: "/options/bridgeUrl", words: "must be left out where receipts are polled" }]
      : [],
  // Infobip documents no list of WhatsApp's reports: its messages would never be heard of.
  channelsOf: ({ receipts }) => (receipts === "poll" ? ["sms", "viber", "rcs"] : ALL),
  access: ({ options, credentials }) => ({
    connect(calling) {
      const { bridgeUrl } = options;
      const reportUrl = bridgeUrl && callbackUrl({ bridgeUrl }, calling);
      return infobipAdapter({ options, credentials, reportUrl, ...calling });
    },
    receipts: ({ provider }) => ({
      authenticate: infobipProof({ options, credentials }),
      parse: (body, receivedAt) => parseInfobipReceipts(body, { provider, receivedAt }),
    }),
    ...(options.receipts === "poll" && {
      poll: (calling: Calling, channel: string) =>
        pollInfobip({ options, credentials }, calling, channel),
    }),
    probe: (calling) => probeHttp(calling, infobipProbe(options, credentials)),
  }),
});
