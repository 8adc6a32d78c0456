// The simulated carrier of one channel as a provider.
import type { Channel } from "#libs/contracts/topics.ts";
import { hmacProof } from "../authentication/hmac.ts";
import type { Provider } from "../provider.ts";
import { simulatedCarrier } from "./adapter.ts";
import { normalId } from "./normal-id.ts";
import { parseReceipts } from "./parse-receipts.ts";
import { receiptHeaders, simulatedProvider } from "./wire.ts";

export function simulated(channel: Channel): Provider {
  return {
    name: simulatedProvider(channel),
    channel,
    connect: (options) => simulatedCarrier({ ...options, channel }),
    receipts: (secret) => ({
      authenticate: hmacProof({ secret, ...receiptHeaders }),
      parse: (body, receivedAt) => parseReceipts(body, { channel, receivedAt }),
    }),
    normalId,
  };
}
