// Who calls for a command: the account's own connection to a provider, else the simulated carrier.
import { chooseConnection } from "#libs/connections/choose-connection.ts";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import type { ProviderAdapter } from "#libs/providers/provider-adapter.ts";
import type { Settings } from "#libs/settings/account.ts";
import type { OpenLines } from "./open-lines.ts";

type Options = {
  settings: Pick<Settings, "connectionsOf">;
  lines: Pick<OpenLines, "adapterOf">;
  /** Carries what no connection does. */
  simulated: ProviderAdapter;
};

export function adaptersOf({ settings, lines, simulated }: Options) {
  return ({ accountId, channel, sender }: DispatchCommand): ProviderAdapter => {
    const body = chooseConnection(settings.connectionsOf(accountId), { channel, sender });
    return body ? lines.adapterOf({ accountId, body }) : simulated;
  };
}
