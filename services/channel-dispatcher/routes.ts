// Who may be called for a command: the connections that its account may use in their order, else the
// simulated carrier.
import { orderConnections } from "#libs/connections/order-connections.ts";
import { pacesOf } from "#libs/connections/paces-of.ts";
import { toldName } from "#libs/connections/told-name.ts";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import type { Channel } from "#libs/contracts/topics.ts";
import type { Hindrance } from "#libs/dispatch-rules/hold.ts";
import type { Pace } from "#libs/dispatch-store/candidate.ts";
import type { ProviderAdapter } from "#libs/providers/provider-adapter.ts";
import type { Settings } from "#libs/settings/account.ts";
import type { ConnectionSetting } from "#libs/settings/bodies/connection.ts";
import type { Adapters } from "./open-adapters.ts";
import { LOOK_AGAIN_MS } from "./open-lines.ts";

export type Route = {
  /** The connection's name, as it is told; null: it is none. */
  connection: string | null;
  /** Whose connection it is. */
  owner: string;
  /** What its reports name. */
  provider: string;
  adapter: ProviderAdapter;
  /** How fast it may be called, by itself and for this sender and recipient. */
  paces: readonly Pace[];
  /** What keeps it from being called now; undefined: nothing. */
  hindrance(): Hindrance | undefined;
};

type Options = {
  settings: Pick<Settings, "connectionsOf" | "findAccount">;
  adapters: Pick<Adapters, "adapterOf" | "simulatedOf">;
  channel: Channel;
};

/** Follows the settings: a connection that was changed is opened anew for the next command. */
export function routesFrom({ settings, adapters, channel }: Options) {
  // Carries what no connection does.
  const simulated = adapters.simulatedOf(channel);
  const nobody = refusing(simulated.provider);
  return (command: DispatchCommand): Route[] => {
    const { accountId } = command;
    const order = settings.findAccount(accountId)?.channels.get(channel)?.connectionOrder;
    const connections = settings.connectionsOf(accountId);
    const { hasAny, routes } = orderConnections(connections, command, order);
    if (!hasAny) return [ofNobody(simulated)];
    if (routes.length === 0) return [ofNobody(nobody)];
    return routes.map((setting) => {
      const { accountId: owner, body } = setting;
      const adapter = adapters.adapterOf(setting, channel);
      const { provider } = adapter;
      const hindrance = () => hindranceOf(body, adapter);
      const paces = pacesOf(setting, command);
      return { connection: toldName(setting), owner, provider, adapter, paces, hindrance };
    });
  };
}

const PAUSED: Hindrance = {
  code: "connection-paused",
  text: "The account's settings say that nothing goes by it for now.",
  retryAfterMs: LOOK_AGAIN_MS,
};

function hindranceOf(
  { paused }: ConnectionSetting,
  adapter: ProviderAdapter,
): Hindrance | undefined {
  if (paused === true) return PAUSED;
  const state = adapter.state?.();
  if (state?.type !== "down") return undefined;
  // Another process may have a line to it: the lanes are everybody's.
  const retryAfterMs = Math.min(state.retryAfterMs, LOOK_AGAIN_MS);
  return { code: "connection-down", text: state.why, retryAfterMs };
}

function ofNobody(adapter: ProviderAdapter): Route {
  const { provider } = adapter;
  return { connection: null, owner: "", provider, adapter, paces: [], hindrance: noHindrance };
}

function noHindrance(): undefined {
  return undefined;
}

/** Real messages are never taken for tests: an account with connections means to use them. */
function refusing(provider: string): ProviderAdapter {
  const text =
    "There are connections for this channel and sender, and none of them is for this recipient.";
  return {
    provider,
    takesIdempotencyKeys: () => false,
    dispatch: async () => ({ type: "refused", code: "no-route", errorClass: "SENDER", text }),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
