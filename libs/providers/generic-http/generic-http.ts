// Any gateway over HTTP as a provider.
import { channels } from "#libs/contracts/topics.ts";
import { connected, type Receipts } from "../provider.ts";
import { GenericCredentials, GenericOptions, type Secrets } from "./access.ts";
import { genericAdapter } from "./adapter.ts";
import { genericFaults } from "./faults.ts";
import { secretValues } from "./placeholders.ts";
import { proofOf } from "./receipt-proof.ts";
import { type ReceiptContext, readingReceipts } from "./receipts.ts";

export const genericHttp = connected({
  name: "generic-http",
  channels,
  options: GenericOptions,
  credentials: GenericCredentials,
  normalId: (providerMessageId) => providerMessageId,
  faultsOf: genericFaults,
  channelsOf: ({ channel }) => [channel],
  access({ options, credentials }) {
    const { receipts } = options;
    return {
      connect: (calling) => genericAdapter({ options, secrets: credentials, ...calling }),
      // A gateway that tells nothing is told nothing.
      ...(receipts && {
        receipts: ({ provider }) =>
          gatewayReceipts({ ...options, receipts, provider }, credentials),
      }),
    };
  },
});

function gatewayReceipts(context: ReceiptContext, secrets: Secrets): Receipts {
  const { proof, method, answer } = context.receipts;
  return {
    authenticate: proofOf(proof, secretValues(secrets)),
    parse: readingReceipts(context),
    comeAsQueries: method === "GET",
    answer,
  };
}
