// Calls Meta's Cloud API.
import { answerOfEnd } from "../answer-of-end.ts";
import { callHttp } from "../call-http.ts";
import { noAddress } from "../no-address.ts";
import type { Calling } from "../provider.ts";
import type { ProviderAdapter } from "../provider-adapter.ts";
import type { CloudCredentials, CloudOptions } from "./access.ts";
import { answerOfCloud } from "./answer.ts";
import { cloudHeaders } from "./headers.ts";
import { cloudRequest } from "./request.ts";

type AdapterOptions = Calling & {
  options: CloudOptions;
  credentials: Pick<CloudCredentials, "accessToken">;
  provider: string;
};

export function cloudAdapter(given: AdapterOptions): ProviderAdapter {
  const { options, credentials, provider, agent, timeoutMs } = given;
  const { address: origin } = options;
  const headers = { "content-type": "application/json", ...cloudHeaders(credentials) };
  return {
    provider,
    // Meta documents no key that makes a repeated call harmless.
    takesIdempotencyKeys: () => false,
    async dispatch(command, isInTime) {
      const asked = cloudRequest(command, options);
      if (!asked) return noAddress;
      const path = `/${options.apiVersion}/${options.phoneNumberId}/${asked.endpoint}`;
      const request = { origin, path, headers, body: JSON.stringify(asked.body) };
      return answerOfEnd(await callHttp(agent, request, { timeoutMs, isInTime }), answerOfCloud);
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}
