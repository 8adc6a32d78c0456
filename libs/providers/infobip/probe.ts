// Whether Infobip knows the key: the account's balance. A key that may only send is told 403, which
// says that it is known.
import { Type } from "typebox";
import { Value } from "typebox/value";
import { isObject } from "#libs/json/json-object.ts";
import type { Probe } from "../probe.ts";
import type { InfobipCredentials, InfobipOptions } from "./access.ts";

const Balance = Type.Object({ balance: Type.Number(), currency: Type.String() });

export function infobipProbe(
  { address: origin }: Pick<InfobipOptions, "address">,
  { apiKey }: Pick<InfobipCredentials, "apiKey">,
): Probe {
  return {
    origin,
    path: "/account/1/balance",
    headers: { authorization: `App ${apiKey}`, accept: "application/json" },
    read(body) {
      if (!Value.Check(Balance, body)) return undefined;
      return `Infobip knows the account; its balance is ${body.balance} ${body.currency}.`;
    },
    refusal: infobipWords,
  };
}

/** `{requestError: {serviceException: {messageId, text}}}`. */
export function infobipWords(body: unknown): string | undefined {
  const error = isObject(body) ? body["requestError"] : undefined;
  const exception = isObject(error) ? error["serviceException"] : undefined;
  const text = isObject(exception) ? exception["text"] : undefined;
  return typeof text === "string" ? text : undefined;
}
