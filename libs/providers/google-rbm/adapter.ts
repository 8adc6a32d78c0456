// Calls Google's RCS for Business.
import { type TokenSource, withToken } from "../access-token.ts";
import { answerOfEnd } from "../answer-of-end.ts";
import { askHttp, callHttp } from "../call-http.ts";
import { capabilities } from "../capability.ts";
import type { Calling } from "../provider.ts";
import type { ProviderAdapter } from "../provider-adapter.ts";
import { revocationOfEnd } from "../revocation-of-end.ts";
import type { RbmOptions } from "./access.ts";
import { answerOfRbm, revocationOfRbm } from "./answer.ts";
import { askCapability } from "./capability.ts";
import { messageIdOf } from "./message-id.ts";
import { rbmMessagePath, rbmRequest } from "./request.ts";

type AdapterOptions = Calling & { options: RbmOptions; tokens: TokenSource; provider: string };

export function rbmAdapter(given: AdapterOptions): ProviderAdapter {
  const { options, tokens, provider, agent, timeoutMs } = given;
  const { address: origin } = options;
  const known = capabilities((msisdn) => askCapability(msisdn, given));
  return {
    provider,
    // "If a message with this id was sent before, it is ignored."
    takesIdempotencyKeys: () => true,
    ownId: ({ commandId }) => messageIdOf(commandId),
    async dispatch(command, isInTime) {
      const asked = rbmRequest(command, options);
      if ("type" in asked) return asked;
      const end = await withToken(tokens, (token) => {
        const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
        return callHttp(agent, { origin, headers, ...asked }, { timeoutMs, isInTime });
      });
      if (end.type === "temporary") return end;
      const messageId = messageIdOf(command.commandId);
      const answer = answerOfEnd(end, (each) => answerOfRbm(each, messageId));
      const { msisdn } = command.recipient;
      // Google's word to a message is its word on the phone.
      if (msisdn && answer.type === "refused" && answer.code === "NOT_FOUND") {
        known.note(msisdn, "cannot");
      }
      return answer;
    },
    capability: async ({ recipient: { msisdn } }) => (msisdn ? known.of(msisdn) : "unknown"),
    async revoke(taken, withinMs) {
      const path = rbmMessagePath(taken, options);
      const end = await withToken(tokens, (token) => {
        const request = { origin, path, headers: { authorization: `Bearer ${token}` }, body: "" };
        return askHttp(agent, { method: "DELETE", ...request }, { timeoutMs: withinMs });
      });
      if (end.type === "temporary") return { outcome: "NO_ANSWER", code: end.code };
      return revocationOfEnd(end, (each) => revocationOfRbm(each, taken.ids.length > 0));
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}
