// A connection to a provider, from what its settings say to what can be called.
import { isObject } from "#libs/json/json-object.ts";
import { parseJson } from "#libs/json/parse-json.ts";
import type { Access } from "#libs/providers/provider.ts";
import { connectedProviders } from "#libs/providers/providers.ts";
import type { ConnectionSetting } from "#libs/settings/bodies/connection.ts";
import { openSealed, type Seal } from "#libs/webhooks/sealing.ts";

/** Why `openConnection` opens nothing, for a person. */
export const UNOPENED =
  "Nothing here opens it: no key fits its credentials, or its settings are of a newer version.";

/** Undefined where no key of the deployment opens its credentials, or the provider wants others by now. */
export function openConnection(
  { provider, options, sealedCredentials }: ConnectionSetting,
  sealing: Seal,
): Access | undefined {
  const opened = openSealed(sealedCredentials, sealing);
  if (opened === undefined) return undefined;
  return connectedProviders.get(provider)?.open({ options, credentials: parseJson(opened) });
}

/** The texts that are secret; none where no key opens them. */
export function secretsOf({ sealedCredentials }: ConnectionSetting, sealing: Seal): string[] {
  const credentials = parseJson(openSealed(sealedCredentials, sealing) ?? "{}");
  const all: unknown[] = isObject(credentials) ? Object.values(credentials) : [];
  return all.filter((each) => typeof each === "string");
}
