// The simulated carrier of one channel as a provider.
import type { Channel } from "#libs/contracts/topics.ts";
import { hmacProof } from "../authentication/hmac.ts";
import type { Provider, Receipts } from "../provider.ts";
import type { ProviderAdapter } from "../provider-adapter.ts";
import { simulatedCarrier } from "./adapter.ts";
import { takesBack } from "./carrier-traits.ts";
import { normalId } from "./normal-id.ts";
import { parseReceipts } from "./parse-receipts.ts";
import { receiptHeaders, simulatedProvider } from "./wire.ts";

/** It needs no connection: the deployment's own settings say where it is. */
export type SimulatedProvider = Provider & {
  /** Calls it at `carrierUrl`; a call takes `timeoutMs` at most. */
  connect(options: { carrierUrl: string; timeoutMs: number }): ProviderAdapter;
  /** Its receipts, which are proved with `secret`. */
  receipts(secret: Buffer): Receipts;
};

/** The simulated carrier of a channel. */
export function simulated(channel: Channel): SimulatedProvider {
  return {
    name: simulatedProvider(channel),
    channels: [channel],
    revokesOn: takesBack(channel) ? [channel] : [],
    connect: (options) => simulatedCarrier({ ...options, channel }),
    receipts: (secret) => ({
      authenticate: hmacProof({ secret, ...receiptHeaders }),
      parse: (body, receivedAt) => parseReceipts(body, { channel, receivedAt }),
    }),
    normalId,
  };
}
