// Any gateway over HTTP as a provider.
import { channels } from "#libs/contracts/topics.ts";
import { connected, type Receipts } from "../provider.ts";
import { GenericCredentials, GenericOptions, type Secrets } from "./access.ts";
import { genericAdapter } from "./adapter.ts";
import { genericFaults } from "./faults.ts";
import { secretValues } from "./placeholders.ts";
import { proofOf } from "./receipt-proof.ts";
import { readingReceipts } from "./receipts.ts";

export const genericHttp = connected({
  name: "generic-http",
  channels,
  options: GenericOptions,
  credentials: GenericCredentials,
  normalId: (providerMessageId) => providerMessageId,
  faultsOf: genericFaults,
  channelsOf: ({ channel }) => [channel],
  access: ({ options, credentials }) => ({
    connect: (calling) => genericAdapter({ options, secrets: credentials, ...calling }),
    receipts: (provider) => gatewayReceipts(options, credentials, provider),
  }),
});

function gatewayReceipts(options: GenericOptions, secrets: Secrets, provider: string): Receipts {
  const { receipts } = options;
  // A gateway that tells nothing is told nothing.
  if (!receipts) return { authenticate: () => false, parse: async () => NOTHING };
  return {
    authenticate: proofOf(receipts.proof, secretValues(secrets)),
    parse: readingReceipts({ ...options, receipts, provider }),
    comeAsQueries: receipts.method === "GET",
    answer: receipts.answer,
  };
}

const NOTHING = { reports: [], oddCount: 0, oddities: [] };
