// Calls Twilio.
import { answerOfEnd } from "../answer-of-end.ts";
import { callHttp } from "../call-http.ts";
import { callbackUrl } from "../callback-url.ts";
import { noAddress } from "../no-address.ts";
import { notServed } from "../not-served.ts";
import type { Calling, Reporting } from "../provider.ts";
import type { ProviderAdapter } from "../provider-adapter.ts";
import { segmentCountOf } from "../segment-count.ts";
import type { TwilioCredentials, TwilioOptions } from "./access.ts";
import { answerOfTwilio } from "./answer.ts";
import { loginOf } from "./login.ts";
import { twilioForm } from "./request.ts";

type AdapterOptions = Calling &
  Reporting & {
    options: TwilioOptions;
    credentials: Pick<TwilioCredentials, "apiKeySid" | "apiKeySecret">;
  };

export function twilioAdapter(given: AdapterOptions): ProviderAdapter {
  const { options, credentials, provider, agent, timeoutMs } = given;
  const { address: origin, accountSid, messagingServiceSid } = options;
  const path = `/2010-04-01/Accounts/${accountSid}/Messages.json`;
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    authorization: loginOf(credentials),
  };
  const senders = {
    ...(messagingServiceSid !== undefined && { messagingServiceSid }),
    statusCallback: callbackUrl(options, given),
  };
  return {
    provider,
    // Twilio documents no key that makes a repeated call harmless.
    takesIdempotencyKeys: () => false,
    async dispatch(command, isInTime) {
      const form = twilioForm(command, senders);
      if (form === undefined) return noAddress;
      if (form === null) return notServed;
      const request = { origin, path, headers, body: form.toString() };
      const end = await callHttp(agent, request, { timeoutMs, isInTime });
      const ownCount = segmentCountOf({ text: command.content.text ?? "" }, command.channel);
      return answerOfEnd(end, (answer) => answerOfTwilio(answer, ownCount));
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}
