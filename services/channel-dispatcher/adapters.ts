// Who calls for a command: the account's own connection to a provider, else the simulated carrier.
import { chooseConnection } from "#libs/connections/choose-connection.ts";
import { openConnection } from "#libs/connections/open-connection.ts";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import type { Calling } from "#libs/providers/provider.ts";
import type { ProviderAdapter } from "#libs/providers/provider-adapter.ts";
import { reportingAs } from "#libs/providers/providers.ts";
import type { Settings } from "#libs/settings/account.ts";
import type { ConnectionSetting } from "#libs/settings/bodies/connection.ts";
import type { SecretsKeys } from "#libs/webhooks/sealing.ts";

type Options = {
  settings: Pick<Settings, "connectionsOf">;
  secretsKeys: SecretsKeys;
  /** Carries what no connection does. */
  simulated: ProviderAdapter;
  calling: Calling;
};

/** Follows the settings: a connection that was changed is opened anew for the next command. */
export function adaptersOf({ settings, secretsKeys, simulated, calling }: Options) {
  const opened = new WeakMap<ConnectionSetting, ProviderAdapter>();
  return ({ accountId, channel, sender }: DispatchCommand): ProviderAdapter => {
    const connection = chooseConnection(settings.connectionsOf(accountId), { channel, sender });
    if (!connection) return simulated;
    const before = opened.get(connection);
    if (before) return before;
    const provider = reportingAs(connection);
    const access = openConnection(connection, { secretsKeys, accountId });
    const adapter = access?.connect({ ...calling, provider }) ?? closed(provider);
    opened.set(connection, adapter);
    return adapter;
  };
}

/** What cannot be opened is no reason to lose the message: whoever mends it in time still sends it. */
function closed(provider: string): ProviderAdapter {
  const text =
    "Nothing here opens the connection: no key fits its credentials, or its settings are of a newer version.";
  return {
    provider,
    takesIdempotencyKeys: () => false,
    dispatch: async () => ({ type: "temporary", code: "connection-closed", text }),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
