// The connections that are open in this process. They follow the settings: one that was changed is
// opened anew, and one that is gone, or not enabled any more, is closed.
import { openConnection } from "#libs/connections/open-connection.ts";
import type { Channel } from "#libs/contracts/topics.ts";
import type { Line } from "#libs/providers/provider.ts";
import type { ProviderAdapter } from "#libs/providers/provider-adapter.ts";
import { connectedProviders, reportingAs } from "#libs/providers/providers.ts";
import { simulatedProvider } from "#libs/providers/simulated/wire.ts";
import type { ConnectionSetting } from "#libs/settings/bodies/connection.ts";
import type { SettingsStore } from "#libs/settings/settings-store.ts";
import type { SecretsKeys } from "#libs/webhooks/sealing.ts";

/** So soon is looked again at what only somebody's change of the settings ends. */
const LOOK_AGAIN_MS = 5_000;
/** So long a change may be unseen by a line that nobody calls on. */
const LOOK_INTERVAL_MS = 500;

type Options = {
  channel: Channel;
  settings: Pick<SettingsStore, "connections">;
  secretsKeys: SecretsKeys;
  line: Omit<Line, "provider">;
};

type Connection = { accountId: string; body: ConnectionSetting };

export type OpenLines = AsyncDisposable & {
  /** The one that is open, else a new one. */
  adapterOf(connection: Connection): ProviderAdapter;
};

/** Opens at once what hears its receipts on its own line. Disposal closes all. */
export function openLines({ channel, settings, secretsKeys, line }: Options): OpenLines {
  const opened = new Map<string, { body: ConnectionSetting; adapter: ProviderAdapter }>();
  const closing = new Set<Promise<void>>();

  function adapterOf({ accountId, body }: Connection): ProviderAdapter {
    const { guid } = body;
    const before = opened.get(guid);
    if (before?.body === body) return before.adapter;
    close(guid);
    const provider = reporterOf(body, channel);
    const access = openConnection(body, { secretsKeys, accountId });
    const adapter = access?.connect({ ...line, provider }) ?? closed(provider);
    opened.set(guid, { body, adapter });
    return adapter;
  }

  function close(guid: string): void {
    const adapter = opened.get(guid)?.adapter;
    opened.delete(guid);
    if (!adapter) return;
    const ending = Promise.resolve(adapter[Symbol.asyncDispose]())
      .catch((error: unknown) => line.log.error({ err: error, guid }, "a line did not close"))
      .finally(() => closing.delete(ending));
    closing.add(ending);
  }

  function look(): void {
    const enabled = [...settings.connections()].filter(({ body }) => body.enabled);
    const wanted = new Set(enabled.map(({ body }) => body));
    for (const [guid, { body }] of opened) if (!wanted.has(body)) close(guid);
    for (const { accountId, body } of enabled) {
      if (keepsLine(body, channel)) adapterOf({ accountId, body });
    }
  }

  look();
  const timer = setInterval(look, LOOK_INTERVAL_MS);
  return {
    adapterOf,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      for (const guid of opened.keys()) close(guid);
      await Promise.all(closing);
    },
  };
}

function keepsLine({ provider, channels }: ConnectionSetting, channel: string): boolean {
  const found = connectedProviders.get(provider);
  if (found?.keepsLine !== true) return false;
  return (channels ?? found.channels).some((each) => each === channel);
}

/** Words of a provider that this version does not know would be believed by nobody. */
function reporterOf(connection: ConnectionSetting, channel: Channel): string {
  const isKnown = connectedProviders.has(connection.provider);
  return isKnown ? reportingAs(connection) : simulatedProvider(channel);
}

/** What cannot be opened is no reason to lose the message: whoever mends it in time still sends it. */
function closed(provider: string): ProviderAdapter {
  const why =
    "Nothing here opens it: no key fits its credentials, or its settings are of a newer version.";
  return {
    provider,
    takesIdempotencyKeys: () => false,
    state: () => ({ type: "down", why, retryAfterMs: LOOK_AGAIN_MS }),
    dispatch: async () => ({ type: "temporary", code: "connection-down", text: why }),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
