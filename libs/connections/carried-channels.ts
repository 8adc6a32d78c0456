// Which channels a connection carries.
import { connectedProviders } from "#libs/providers/providers.ts";
import type { ConnectionSetting } from "#libs/settings/bodies/connection.ts";

/**
 * A connection says itself what it carries. One of before does not, and carries what its provider does;
 * undefined: this version does not know that provider, and nobody can tell.
 */
export function carriedChannels({
  provider,
  channels,
}: Pick<ConnectionSetting, "provider" | "channels">): readonly string[] | undefined {
  return channels ?? connectedProviders.get(provider)?.channels;
}
