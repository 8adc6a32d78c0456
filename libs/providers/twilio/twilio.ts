// Twilio's Programmable Messaging as a provider.

import { callbackUrl } from "../callback-url.ts";
import { probeHttp } from "../probe.ts";
import { connected } from "../provider.ts";
import { TwilioCredentials, TwilioOptions } from "./access.ts";
import { twilioAdapter } from "./adapter.ts";
import { twilioProbe } from "./probe.ts";
import { twilioProof } from "./proof.ts";
import { parseTwilioReceipt } from "./receipts.ts";

export const twilio = connected({
  name: "twilio",
  channels: ["sms", "whatsapp", "rcs"],
  options: TwilioOptions,
  credentials: TwilioCredentials,
  normalId: (providerMessageId) => providerMessageId,
  access: ({ options, credentials }) => ({
    connect: (calling) => twilioAdapter({ options, credentials, ...calling }),
    receipts: (reporting) => ({
      authenticate: twilioProof(callbackUrl(options, reporting), credentials),
      parse: (body, receivedAt) =>
        parseTwilioReceipt(body, { provider: reporting.provider, receivedAt }),
    }),
    probe: (calling) => probeHttp(calling, twilioProbe(options, credentials)),
  }),
});
