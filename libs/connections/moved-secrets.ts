// Whether kept credentials would go elsewhere than to whom they were given for. Who may change a
// connection need not know them, and would have them of a host of their own.
import { isDeepStrictEqual } from "node:util";
import { CALLED, type Options, type Text, textsOf } from "./check-options.ts";

/** Faults of new options that the credentials of before are to be kept with. */
export function movedSecretFaults(before: Options, after: Options): string[] {
  const [old, next] = [textsOf(before, "/options"), textsOf(after, "/options")];
  const isSame = (placesOf: (text: Text) => string[]) =>
    isDeepStrictEqual(old.flatMap(placesOf).toSorted(), next.flatMap(placesOf).toSorted());
  return [
    ...(isSame(calledHosts)
      ? []
      : ["/credentials must be given again where what is called changes."]),
    ...(isSame(textsWithSecrets)
      ? []
      : ["/credentials must be given again where a text changes that asks for one of them."]),
  ];
}

/** Scheme, host and port; `origin` knows none of smpp. Paths are the same owner's. */
function calledHosts({ path, name, text }: Text): string[] {
  if (!CALLED.has(name)) return [];
  const url = URL.parse(text);
  return [`${path} ${url ? `${url.protocol}//${url.host}` : text}`];
}

/** Else `{secrets.apiKey}` could be made the words of an SMS to whoever wants to know it. */
function textsWithSecrets({ path, text }: Text): string[] {
  return text.includes("{secrets.") ? [`${path} ${text}`] : [];
}
