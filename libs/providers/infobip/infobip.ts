// Infobip as a provider.
import { callbackUrl } from "../callback-url.ts";
import { probeHttp } from "../probe.ts";
import { connected } from "../provider.ts";
import { InfobipCredentials, InfobipOptions } from "./access.ts";
import { infobipAdapter } from "./adapter.ts";
import { infobipProbe } from "./probe.ts";
import { infobipProof } from "./proof.ts";
import { parseInfobipReceipts } from "./receipts.ts";

export const infobip = connected({
  name: "infobip",
  channels: ["sms", "viber", "rcs", "whatsapp"],
  options: InfobipOptions,
  credentials: InfobipCredentials,
  normalId: (providerMessageId) => providerMessageId,
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
    probe: (calling) => probeHttp(calling, infobipProbe(options, credentials)),
  }),
});
