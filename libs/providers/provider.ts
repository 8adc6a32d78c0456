// Everything that is one provider's own: how it is called, and how its receipts are believed and
// read. Its folder holds its words, its codes and its rule for ids as well.
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import type { Channel } from "#libs/contracts/topics.ts";
import type { Proof } from "./authentication/proof.ts";
import type { ProviderAdapter } from "./provider-adapter.ts";

export type Provider = {
  /** The provider of its status reports, and its path at the receipt-bridge. */
  readonly name: string;
  readonly channel: Channel;
  /** Calls it at `carrierUrl`; a call takes `timeoutMs` at most. */
  connect(options: { carrierUrl: string; timeoutMs: number }): ProviderAdapter;
  /** Its receipts, which are proved with `secret`. */
  receipts(secret: Buffer): Receipts;
  /** The one spelling of an id that it may write in several ways. */
  normalId(providerMessageId: string): string;
};

export type Receipts = {
  /** Decided on the raw post, before anything of it is parsed. */
  authenticate: Proof;
  /** Never throws: a body of which nothing can be read is one oddity. */
  parse(body: Buffer, receivedAt: number): ParsedReceipts;
};

/** One odd receipt never loses another: what can be read is a report, for the rest there is why not. */
export type ParsedReceipts = {
  reports: StatusReport[];
  oddCount: number;
  /** Of the first odd ones, what is odd about them. */
  oddities: string[];
};
