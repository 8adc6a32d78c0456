// Whether Meta knows the number and the token: what Meta says of the number's id.
import { Type } from "typebox";
import { Value } from "typebox/value";
import type { Probe } from "../probe.ts";
import type { CloudCredentials, CloudOptions } from "./access.ts";
import { CloudError, wordsOf } from "./answer.ts";
import { cloudHeaders } from "./headers.ts";

const Known = Type.Object({
  id: Type.String(),
  display_phone_number: Type.Optional(Type.String()),
  verified_name: Type.Optional(Type.String()),
});
const Refused = Type.Object({ error: CloudError });

export function cloudProbe(
  { address: origin, apiVersion, phoneNumberId }: CloudOptions,
  credentials: Pick<CloudCredentials, "accessToken">,
): Probe {
  return {
    origin,
    path: `/${apiVersion}/${phoneNumberId}?fields=id,display_phone_number,verified_name`,
    headers: cloudHeaders(credentials),
    read(body) {
      if (!Value.Check(Known, body)) return undefined;
      const { display_phone_number: number = "the number", verified_name: name } = body;
      return `Meta knows ${number}${name === undefined ? "" : ` as ${name}`}.`;
    },
    refusal: (body) => (Value.Check(Refused, body) ? wordsOf(body.error) : undefined),
  };
}
