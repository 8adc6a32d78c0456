// A connection as it is kept, from what a caller gave and what was kept before.
import { randomBytes } from "node:crypto";
import type { Static, TObject } from "typebox";
import { parseGiven, refusing, type ShapeError } from "#libs/json/parse-given.ts";
import type { ConnectedProvider } from "#libs/providers/provider.ts";
import { connectedProviders } from "#libs/providers/providers.ts";
import type { ConnectionSetting, NewConnection } from "#libs/settings/bodies/connection.ts";
import { SettingRefusal } from "#libs/settings/setting-refusal.ts";
import { type Seal, seal } from "#libs/webhooks/sealing.ts";
import { refuseOddAddresses, refuseOversize } from "./check-options.ts";

export type GivenConnection = Static<typeof NewConnection>;

/** Part of the address that its provider posts receipts to: nobody can guess another's. */
const GUID_BYTES = 16;

/**
 * Keeps its credentials if none are given, and its guid. Throws SettingRefusal `invalid` for what
 * its provider does not take.
 */
export function nextConnection(
  { credentials, ...given }: GivenConnection,
  current: ConnectionSetting | undefined,
  sealing: Seal,
): ConnectionSetting {
  const provider = providerOf(given.provider);
  refuseAnotherProvider(given.provider, current);
  refuseOversize(given.options);
  refuse(provider.options, given.options, "/options");
  refuseOddAddresses(given.options);
  return {
    ...given,
    channels: channelsOf(given.channels, provider),
    guid: current?.guid ?? randomBytes(GUID_BYTES).toString("hex"),
    sealedCredentials: sealedOf(credentials, { provider, current, sealing }),
  };
}

/** Kept with the connection, so that a version without its provider knows them too. */
function channelsOf(given: GivenConnection["channels"], provider: ConnectedProvider) {
  const odd = given?.filter((channel) => !provider.channels.includes(channel)) ?? [];
  if (odd.length === 0) return given ?? [...provider.channels];
  const known = provider.channels.join(", ");
  throw new SettingRefusal("invalid", `/channels: ${provider.name} carries ${known} only.`);
}

type Sealing = {
  provider: ConnectedProvider;
  current: ConnectionSetting | undefined;
  sealing: Seal;
};

function sealedOf(
  credentials: GivenConnection["credentials"],
  { provider, current, sealing }: Sealing,
): string {
  if (credentials !== undefined) {
    refuse(provider.credentials, credentials, "/credentials");
    return seal(JSON.stringify(credentials), sealing);
  }
  if (current) return current.sealedCredentials;
  const wanted = Object.keys(provider.credentials.properties).join(", ");
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

/** All faults at once. What is secret is not repeated. */
function refuse(schema: TObject, value: unknown, at: string): void {
  const toRefusal = ({ faults }: ShapeError) => {
    const told = faults.map(({ path, words }) => `${at}${path} ${words}.`);
    return new SettingRefusal("invalid", told.join(" "));
  };
  refusing((given) => parseGiven(schema, given), toRefusal)(value);
}
