// Calls Vonage.
import { basicLogin } from "#libs/http/outward/basic-login.ts";
import { answerOfEnd } from "../answer-of-end.ts";
import { callHttp } from "../call-http.ts";
import { noAddress } from "../no-address.ts";
import { notServed } from "../not-served.ts";
import type { Calling } from "../provider.ts";
import type { ProviderAdapter } from "../provider-adapter.ts";
import { segmentCountOf } from "../segment-count.ts";
import type { VonageCredentials, VonageOptions } from "./access.ts";
import { answerOfVonage } from "./answer.ts";
import { signedByApplication } from "./json-web-token.ts";
import { vonageBody } from "./request.ts";

type Login = {
  options: VonageOptions;
  credentials: Omit<VonageCredentials, "signatureSecret">;
};
type AdapterOptions = Calling & Login & { provider: string; reportUrl: string | undefined };

export function vonageAdapter(given: AdapterOptions): ProviderAdapter {
  const { options, provider, reportUrl, agent, timeoutMs } = given;
  return {
    provider,
    // Vonage documents no key that makes a repeated call harmless.
    takesIdempotencyKeys: () => false,
    async dispatch(command, isInTime) {
      const body = vonageBody(command, reportUrl);
      if (body === undefined) return noAddress;
      if (body === null) return notServed;
      const headers = {
        "content-type": "application/json",
        accept: "application/json",
        authorization: authorizationOf(given),
      };
      const { address: origin } = options;
      const request = { origin, path: "/v1/messages", headers, body: JSON.stringify(body) };
      const end = await callHttp(agent, request, { timeoutMs, isInTime });
      const { text, smsEncoding: encoding } = command.content;
      const ownCount = segmentCountOf(
        { text: text ?? "", ...(encoding && { encoding }) },
        command.channel,
      );
      return answerOfEnd(end, (answer) => answerOfVonage(answer, ownCount));
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function authorizationOf({ options, credentials }: Login): string {
  const { applicationId, apiKey = "" } = options;
  const { privateKey, apiSecret = "" } = credentials;
  if (applicationId !== undefined && privateKey !== undefined) {
    return `Bearer ${signedByApplication({ applicationId, privateKey }, Date.now())}`;
  }
  return basicLogin({ user: apiKey, password: apiSecret });
}
