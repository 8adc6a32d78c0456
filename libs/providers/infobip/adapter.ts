// Calls Infobip.
import { answerOfEnd } from "../answer-of-end.ts";
import { callHttp } from "../call-http.ts";
import { noAddress } from "../no-address.ts";
import { notServed } from "../not-served.ts";
import type { Calling } from "../provider.ts";
import type { ProviderAdapter } from "../provider-adapter.ts";
import { segmentCountOf } from "../segment-count.ts";
import type { InfobipCredentials, InfobipOptions } from "./access.ts";
import { answerOfInfobip } from "./answer.ts";
import { messageIdOf } from "./message-id.ts";
import { infobipRequest } from "./request.ts";

type AdapterOptions = Calling & {
  options: Pick<InfobipOptions, "address">;
  credentials: Pick<InfobipCredentials, "apiKey">;
  provider: string;
  reportUrl: string | undefined;
};

export function infobipAdapter(given: AdapterOptions): ProviderAdapter {
  const { options, credentials, provider, reportUrl, agent, timeoutMs } = given;
  const { address: origin } = options;
  const headers = {
    "content-type": "application/json",
    accept: "application/json",
    authorization: `App ${credentials.apiKey}`,
  };
  return {
    provider,
    // Infobip documents for SMS that it refuses a repeated id; of the other channels it says nothing.
    takesIdempotencyKeys: (channel) => channel === "sms",
    ownId: (command) => messageIdOf(command, provider),
    async dispatch(command, isInTime) {
      const asked = infobipRequest(command, { provider, reportUrl });
      if (asked === undefined) return noAddress;
      if (asked === null) return notServed;
      const request = { origin, path: asked.path, headers, body: JSON.stringify(asked.body) };
      const end = await callHttp(agent, request, { timeoutMs, isInTime });
      const messageId = messageIdOf(command, provider);
      const text = command.content.text ?? "";
      const called = { messageId, segmentCount: segmentCountOf({ text }, command.channel) };
      return answerOfEnd(end, (each) => answerOfInfobip(each, called));
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}
