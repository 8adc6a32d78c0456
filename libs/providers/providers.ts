// The one list of providers. Another one is a folder beside `simulated/` and a line here.
import { type Channel, channels } from "#libs/contracts/topics.ts";
import type { Provider } from "./provider.ts";
import { simulated } from "./simulated/simulated.ts";

export const providers: readonly Provider[] = channels.map(simulated);

const byName = new Map(providers.map((provider) => [provider.name, provider]));

/** The provider that carries a channel. */
export function providerOf(channel: Channel): Provider {
  const found = providers.find((provider) => provider.channel === channel);
  if (!found) throw new Error(`No provider carries ${channel}.`);
  return found;
}

/** True if the provider of that name carries the channel. */
export function carries(name: string, channel: string): boolean {
  return byName.get(name)?.channel === channel;
}

/** Undefined for a provider of which only a bridge of somebody's own knows. */
export function findProvider(name: string): Provider | undefined {
  return byName.get(name);
}
