// Which of an account's connections carries a step.

import { connectedProviders } from "#libs/providers/providers.ts";
import type { Account } from "#libs/settings/account.ts";
import type { ConnectionSetting } from "#libs/settings/bodies/connection.ts";

type Step = { channel: string; sender: string | null };

/**
 * The first one, by name, that is enabled, carries the channel, and names the sender or none at all;
 * undefined where no connection does.
 */
export function chooseConnection(
  connections: Account["connections"],
  { channel, sender }: Step,
): ConnectionSetting | undefined {
  const names = [...connections.keys()].toSorted();
  return names
    .flatMap((name) => connections.get(name) ?? [])
    .find((each) => each.enabled && carries(each, channel) && isOf(each, sender));
}

/**
 * A connection says itself what it carries. One of before does not, and carries what its provider
 * does; of a provider that this version does not know nobody can tell, so messages are held.
 */
function carries({ provider, channels }: ConnectionSetting, channel: string): boolean {
  const carried = channels ?? connectedProviders.get(provider)?.channels;
  return carried?.some((each) => each === channel) ?? true;
}

function isOf({ senders }: ConnectionSetting, sender: string | null): boolean {
  return senders === undefined || (sender !== null && senders.includes(sender));
}
