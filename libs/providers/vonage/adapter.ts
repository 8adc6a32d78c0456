// Calls Vonage.
import { basicLogin } from "#libs/http/outward/basic-login.ts";
import { answerOfEnd } from "../answer-of-end.ts";
import { askHttp, callHttp } from "../call-http.ts";
import { noAddress } from "../no-address.ts";
import { notServed } from "../not-served.ts";
import type { Calling } from "../provider.ts";
import type { ProviderAdapter } from "../provider-adapter.ts";
import { revocationOfEnd, UNKNOWN_ID } from "../revocation-of-end.ts";
import { segmentCountOf } from "../segment-count.ts";
import type { VonageCredentials, VonageOptions } from "./access.ts";
import { answerOfVonage, revocationOfVonage } from "./answer.ts";
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
      const { address: origin } = options;
      const said = { headers: headersOf(given), body: JSON.stringify(body) };
      const request = { origin, path: "/v1/messages", ...said };
      const end = await callHttp(agent, request, { timeoutMs, isInTime });
      const { text, smsEncoding: encoding } = command.content;
      const ownCount = segmentCountOf(
        { text: text ?? "", ...(encoding && { encoding }) },
        command.channel,
      );
      return answerOfEnd(end, (answer) => answerOfVonage(answer, ownCount));
    },
    async revoke({ ids: [id] }, withinMs) {
      if (id === undefined) return UNKNOWN_ID;
      const { address: origin } = options;
      const path = `/v1/messages/${encodeURIComponent(id)}`;
      const body = JSON.stringify({ status: "revoked" });
      const request = { method: "PATCH", origin, path, headers: headersOf(given), body } as const;
      const end = await askHttp(agent, request, { timeoutMs: withinMs });
      return revocationOfEnd(end, revocationOfVonage);
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function headersOf(login: Login) {
  return {
    "content-type": "application/json",
    accept: "application/json",
    authorization: authorizationOf(login),
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
