// Google's RCS for Business (RBM) as a provider.
import { tokenSource } from "../access-token.ts";
import { type Calling, connected, type ProbeResult } from "../provider.ts";
import { RbmCredentials, RbmOptions } from "./access.ts";
import { rbmAdapter } from "./adapter.ts";
import { rbmProof, rbmQuestion } from "./posted.ts";
import { parseRbmReceipts } from "./receipts.ts";
import { assertionRequest, readServiceAccount, type ServiceAccount } from "./service-account.ts";

export const googleRbm = connected({
  name: "google-rbm",
  channels: ["rcs"],
  revokesOn: ["rcs"],
  options: RbmOptions,
  credentials: RbmCredentials,
  normalId: (providerMessageId) => providerMessageId.toLowerCase(),
  faultsOf(_options, credentials) {
    if (!credentials || readServiceAccount(credentials.serviceAccount)) return [];
    const words =
      "must be the key file of a service account, with client_email and an RSA private_key";
    return [{ path: "/credentials/serviceAccount", words }];
  },
  access({ options, credentials: { serviceAccount, clientToken } }) {
    const account = readServiceAccount(serviceAccount);
    if (!account) return undefined;
    const tokensBy = (calling: Calling) => rbmTokens(account, options, calling);
    return {
      connect: (line) => rbmAdapter({ options, ...line, tokens: tokensBy(line) }),
      receipts: ({ provider }) => ({
        authenticate: rbmProof(clientToken),
        parse: (body, receivedAt) => parseRbmReceipts(body, { provider, receivedAt }),
        confirmPost: (post) => rbmQuestion(post, clientToken),
      }),
      probe: (calling) => probeRbm(account, options, calling),
    };
  },
});

function rbmTokens(account: ServiceAccount, { tokenUrl }: RbmOptions, calling: Calling) {
  const { agent, timeoutMs } = calling;
  const request = (now: number) => assertionRequest(account, { audience: tokenUrl, now });
  return tokenSource({ agent, timeoutMs, url: tokenUrl, request });
}

/** No call of Google's shows that an agent may send but one that sends: the account is asked for alone. */
async function probeRbm(
  account: ServiceAccount,
  options: RbmOptions,
  calling: Calling,
): Promise<ProbeResult> {
  try {
    await rbmTokens(account, options, calling).get();
    const words = `Google gives ${account.email} a token; whether the agent may send, a message shows.`;
    return { state: "works", words };
  } catch (error) {
    return { state: "refused", words: error instanceof Error ? error.message : String(error) };
  }
}
