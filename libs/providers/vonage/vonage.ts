// Vonage's Messages API as a provider.
import { callbackUrl } from "../callback-url.ts";
import { connected } from "../provider.ts";
import { VonageCredentials, VonageOptions, vonageFaults } from "./access.ts";
import { vonageAdapter } from "./adapter.ts";
import { vonageProof } from "./proof.ts";
import { parseVonageReceipt } from "./receipts.ts";

export const vonage = connected({
  name: "vonage",
  channels: ["sms", "whatsapp", "viber", "rcs"],
  revokesOn: ["rcs"],
  options: VonageOptions,
  credentials: VonageCredentials,
  faultsOf: vonageFaults,
  normalId: (providerMessageId) => providerMessageId.toLowerCase(),
  access: ({ options, credentials }) => ({
    connect(line) {
      const { bridgeUrl } = options;
      const reportUrl = bridgeUrl && callbackUrl({ bridgeUrl }, line);
      return vonageAdapter({ options, credentials, reportUrl, ...line });
    },
    receipts: ({ provider }) => ({
      authenticate: vonageProof(credentials.signatureSecret),
      parse: (body, receivedAt) => parseVonageReceipt(body, { provider, receivedAt }),
    }),
  }),
});
