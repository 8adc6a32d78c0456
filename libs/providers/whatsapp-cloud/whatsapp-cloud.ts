// Meta's WhatsApp Cloud API as a provider.
import { isSameText } from "#libs/same-text.ts";
import { hmacProof } from "../authentication/hmac.ts";
import { probeHttp } from "../probe.ts";
import { connected, type Receipts } from "../provider.ts";
import { CloudCredentials, CloudOptions } from "./access.ts";
import { cloudAdapter } from "./adapter.ts";
import { listTemplates } from "./list-templates.ts";
import { cloudProbe } from "./probe.ts";
import { parseCloudReceipts } from "./receipts.ts";

export const whatsappCloud = connected({
  name: "whatsapp-cloud",
  channels: ["whatsapp"],
  options: CloudOptions,
  credentials: CloudCredentials,
  // Meta's page "Messaging limits": 80 a second by a number, which is the connection; one in 6 s to a person,
  // of which 45 may go at once. Meta raises the first to 1,000 by itself: then `rates` says so.
  rates: { perSecond: 80, pairSeconds: 6, pairBurst: 45 },
  // A wamid is base64: capitals and small letters mean different things.
  normalId: (providerMessageId) => providerMessageId,
  access: ({ options, credentials }) => ({
    connect: (calling) => cloudAdapter({ options, credentials, ...calling }),
    receipts: ({ provider }) => cloudReceipts(provider, credentials),
    listTemplates: (calling) => listTemplates({ options, credentials }, calling),
    probe: (calling) => probeHttp(calling, cloudProbe(options, credentials)),
  }),
});

function cloudReceipts(provider: string, { appSecret, verifyToken }: CloudCredentials): Receipts {
  const secret = Buffer.from(appSecret);
  return {
    authenticate: hmacProof({
      secret,
      signatureHeader: "x-hub-signature-256",
      timestampHeader: null,
    }),
    parse: (body, receivedAt) => parseCloudReceipts(body, { provider, receivedAt }),
    // Meta asks once, when the address is entered in its console.
    confirm(query) {
      const { "hub.mode": mode, "hub.verify_token": token, "hub.challenge": challenge } = query;
      const isMeant = mode === "subscribe" && typeof token === "string";
      if (!isMeant || !isSameText(token, verifyToken)) return undefined;
      return typeof challenge === "string" ? challenge : undefined;
    },
  };
}
