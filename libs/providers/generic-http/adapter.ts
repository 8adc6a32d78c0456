// Calls a gateway.
import { withToken } from "../access-token.ts";
import { answerOfEnd } from "../answer-of-end.ts";
import { callHttp } from "../call-http.ts";
import { callbackUrl } from "../callback-url.ts";
import type { Calling, Reporting } from "../provider.ts";
import type { ProviderAdapter } from "../provider-adapter.ts";
import { segmentCountOf } from "../segment-count.ts";
import type { GenericOptions, Secrets } from "./access.ts";
import { classesBy, readingAnswers } from "./answer.ts";
import { authorizing, gatewayTokens } from "./authorize.ts";
import { secretValues } from "./placeholders.ts";
import { requestOf } from "./request.ts";

type AdapterOptions = Calling & Reporting & { options: GenericOptions; secrets: Secrets };

export function genericAdapter(given: AdapterOptions): ProviderAdapter {
  const { options, provider, agent, timeoutMs } = given;
  const { auth = {}, bridgeUrl } = options;
  const secrets = secretValues(given.secrets);
  const receiptsUrl = bridgeUrl === undefined ? undefined : callbackUrl({ bridgeUrl }, given);
  const authorize = authorizing(auth, secrets);
  const tokens = gatewayTokens(auth, secrets, { agent, timeoutMs });
  const read = readingAnswers(options.answer, classesBy(options.errorClasses));
  return {
    provider,
    takesIdempotencyKeys: () => options.request.idempotencyHeader !== undefined,
    ...(options.answer.id === undefined && { ownId: ({ commandId }) => commandId }),
    async dispatch(command, isInTime) {
      const request = requestOf(command, options, { secrets, receiptsUrl });
      if ("type" in request) return request;
      const call = (own: Record<string, string>) => {
        const headers = { ...request.headers, ...own };
        return callHttp(agent, { ...request, headers }, { timeoutMs, isInTime });
      };
      const end = tokens
        ? await withToken(tokens, (token) => call({ authorization: `Bearer ${token}` }))
        : await call(authorize(request.body, Date.now()));
      if (end.type === "temporary") return end;
      const { commandId, content, channel } = command;
      const text = { text: content.text ?? "", encoding: content.smsEncoding ?? "AUTO" };
      const segmentCount = segmentCountOf(text, channel);
      return answerOfEnd(end, read({ commandId, segmentCount }));
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}
