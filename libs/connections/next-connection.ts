// A connection as it is kept, from what a caller gave and what was kept before.
import { randomBytes } from "node:crypto";
import type { Static, TObject } from "typebox";
import { parseGiven, ShapeError } from "#libs/json/parse-given.ts";
import { parseJson } from "#libs/json/parse-json.ts";
import type { ConnectedProvider, OptionFault } from "#libs/providers/provider.ts";
import { connectedProviders } from "#libs/providers/providers.ts";
import type { ConnectionSetting, NewOperatorConnection } from "#libs/settings/bodies/connection.ts";
import { SettingRefusal } from "#libs/settings/setting-refusal.ts";
import { openSealed, type Seal, seal } from "#libs/webhooks/sealing.ts";
import { addressFaults, refuseOversize, refuseWith } from "./check-options.ts";
import { movedSecretFaults } from "./moved-secrets.ts";

export type GivenConnection = Static<typeof NewOperatorConnection>;

/** Nobody can guess another's. */
const DRAWN_BYTES = 16;

/**
 * Keeps its guid and the address of its receipts, and its credentials if none are given and they go where they went. Throws
 * SettingRefusal `invalid` for what its provider does not take: all of it at once, and what is secret
 * is not repeated.
 */
export function nextConnection(
  { credentials, ...given }: GivenConnection,
  current: ConnectionSetting | undefined,
  sealing: Seal,
): ConnectionSetting {
  const provider = providerOf(given.provider);
  refuseAnotherProvider(given.provider, current);
  refuseOversize(given.options);
  const kept = current?.sealedCredentials;
  const secret = credentials ?? (kept === undefined ? undefined : opened(kept, sealing));
  refuseWith([
    ...shapeFaults(provider.options, given.options, "/options"),
    ...addressFaults(given.options),
    ...(credentials
      ? shapeFaults(provider.credentials, credentials, "/credentials")
      : movedSecretFaults(current?.options ?? given.options, given.options)),
    ...provider.faultsOf({ options: given.options, credentials: secret }).map(told),
  ]);
  return {
    ...given,
    channels: channelsOf(given, provider),
    ...(current ? identityOf(current) : { guid: drawn(), receiptKey: drawn() }),
    sealedCredentials: credentials
      ? seal(JSON.stringify(credentials), sealing)
      : demand(kept, provider),
  };
}

/** Its provider knows the address by now, whatever it ends with. */
function identityOf({ guid, receiptKey }: ConnectionSetting) {
  return { guid, ...(receiptKey !== undefined && { receiptKey }) };
}

function drawn(): string {
  return randomBytes(DRAWN_BYTES).toString("hex");
}

/** Kept with the connection, so that a version without its provider knows them too. */
function channelsOf({ channels, options }: GivenConnection, provider: ConnectedProvider) {
  const carried = provider.channelsOf(options);
  const odd = channels?.filter((channel) => !carried.includes(channel)) ?? [];
  if (odd.length === 0) return channels ?? [...carried];
  const known = carried.join(", ");
  throw new SettingRefusal("invalid", `/channels: ${provider.name} carries ${known} only.`);
}

/** Undefined where no key opens them any more: what they are nobody can tell. */
function opened(sealed: string, sealing: Seal): unknown {
  const text = openSealed(sealed, sealing);
  return text === undefined ? undefined : parseJson(text);
}

function demand(kept: string | undefined, { credentials }: ConnectedProvider): string {
  if (kept !== undefined) return kept;
  const wanted = Object.keys(credentials.properties).join(", ") || "those that its options name";
  throw new SettingRefusal("invalid", `/credentials are missing: ${wanted}.`);
}

function providerOf(name: string): ConnectedProvider {
  const found = connectedProviders.get(name);
  if (found) return found;
  const known = [...connectedProviders.keys()].join(", ");
  throw new SettingRefusal("invalid", `/provider must be one of ${known}.`);
}

/** Receipts of what it has sent come to the address of the provider that it had. */
function refuseAnotherProvider(provider: string, current: ConnectionSetting | undefined): void {
  if (!current || current.provider === provider) return;
  const advice = `it is ${current.provider}, and stays so; make another connection.`;
  throw new SettingRefusal("invalid", `/provider cannot be changed: ${advice}`);
}

function shapeFaults(schema: TObject, value: unknown, at: string): string[] {
  try {
    parseGiven(schema, value);
    return [];
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    return error.faults.map(({ path, words }) => told({ path: `${at}${path}`, words }));
  }
}

function told({ path, words }: OptionFault): string {
  return `${path} ${words}.`;
}
