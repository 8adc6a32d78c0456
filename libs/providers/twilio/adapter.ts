// Calls Twilio.
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { parseJson } from "#libs/json/parse-json.ts";
import { answerOfEnd } from "../answer-of-end.ts";
import { askHttp, callHttp, LIST_BYTES_MAX } from "../call-http.ts";
import { callbackUrl } from "../callback-url.ts";
import { noAddress } from "../no-address.ts";
import { notServed } from "../not-served.ts";
import type { Calling, Reporting } from "../provider.ts";
import type { ProviderAdapter } from "../provider-adapter.ts";
import { segmentCountOf } from "../segment-count.ts";
import type { TwilioCredentials, TwilioOptions } from "./access.ts";
import { answerOfTwilio } from "./answer.ts";
import { loginOf } from "./login.ts";
import { findInList, listQuery } from "./look-up.ts";
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
  const authorization = loginOf(credentials);
  const headers = { "content-type": "application/x-www-form-urlencoded", authorization };
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
      return answerOfEnd(end, (answer) => answerOfTwilio(answer, ownCountOf(command)));
    },
    async lookUp(command, { since, withinMs }) {
      const form = twilioForm(command, senders);
      const query = form && listQuery(form);
      if (!form || query === undefined) return { type: "no-answer" };
      const request = { method: "GET" as const, origin, path: `${path}?${query}`, body: "" };
      const limits = { timeoutMs: withinMs, bytesMax: LIST_BYTES_MAX };
      const end = await askHttp(agent, { ...request, headers: { authorization } }, limits);
      if (end.type !== "answered" || end.statusCode !== 200) return { type: "no-answer" };
      return findInList(parseJson(end.text ?? ""), { form, since, ownCount: ownCountOf(command) });
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function ownCountOf({ content, channel }: DispatchCommand): number | null {
  return segmentCountOf({ text: content.text ?? "" }, channel);
}
