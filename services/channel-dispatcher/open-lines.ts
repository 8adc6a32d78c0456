// The connections that are open in this process, for all its channels. They follow the settings: one
// that was changed is opened anew, and one that is gone, or not enabled any more, is closed.
import { carriedChannels } from "#libs/connections/carried-channels.ts";
import { openConnection, UNOPENED } from "#libs/connections/open-connection.ts";
import type { Channel } from "#libs/contracts/topics.ts";
import type { Line, Reporting } from "#libs/providers/provider.ts";
import type { ProviderAdapter } from "#libs/providers/provider-adapter.ts";
import { connectedProviders, reportingOf } from "#libs/providers/providers.ts";
import { simulatedProvider } from "#libs/providers/simulated/wire.ts";
import type { ConnectionSetting } from "#libs/settings/bodies/connection.ts";
import type { SettingOf } from "#libs/settings/setting.ts";
import type { SettingsStore } from "#libs/settings/settings-store.ts";
import type { SecretsKeys } from "#libs/webhooks/sealing.ts";

/** So soon is looked again at what only somebody's change of the settings ends. */
export const LOOK_AGAIN_MS = 5_000;
/** So long a change may be unseen by a line that nobody calls on. */
const LOOK_INTERVAL_MS = 500;

/** So long a line of other processes' channels is kept that was opened to take a message back. */
const BORROWED_MS = 30_000;

type Options = {
  channels: readonly Channel[];
  settings: Pick<SettingsStore, "connections">;
  secretsKeys: SecretsKeys;
  line: Omit<Line, keyof Reporting>;
};

type Connection = Pick<SettingOf<"connection">, "accountId" | "body">;

export type OpenLines = AsyncDisposable & {
  /** The one that is open, else a new one. Words of what cannot be opened are those of `channel`. */
  adapterOf(connection: Connection, channel: Channel): ProviderAdapter;
};

type Opened = { body: ConnectionSetting; adapter: ProviderAdapter; usedAt: number };

/** Opens at once what hears its receipts on its own line. Disposal closes all. */
export function openLines({ channels, settings, secretsKeys, line }: Options): OpenLines {
  const opened = new Map<string, Opened>();
  const closing = new Set<Promise<void>>();

  function adapterOf({ accountId, body }: Connection, channel: Channel): ProviderAdapter {
    const { guid } = body;
    const usedAt = performance.now();
    const before = opened.get(guid);
    if (before?.body === body) {
      before.usedAt = usedAt;
      return before.adapter;
    }
    close(guid);
    const reporting = reportingIn(body, channel);
    const access = openConnection(body, { secretsKeys, accountId });
    if (!access) return closed(reporting.provider);
    const adapter = access.connect({ ...line, ...reporting });
    opened.set(guid, { body, adapter, usedAt });
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
    const isOver = ({ body, usedAt }: Opened) =>
      !wanted.has(body) || (isBorrowed(body) && performance.now() - usedAt > BORROWED_MS);
    for (const [guid, each] of opened) if (isOver(each)) close(guid);
    for (const { accountId, body } of enabled) {
      const channel = channels.find((each) => keepsLine(body, each));
      if (channel !== undefined) adapterOf({ accountId, body }, channel);
    }
  }

  function isBorrowed(body: ConnectionSetting): boolean {
    const isKept = connectedProviders.get(body.provider)?.keepsLine === true;
    return isKept && !channels.some((channel) => keepsLine(body, channel));
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

function keepsLine(connection: ConnectionSetting, channel: string): boolean {
  const isKept = connectedProviders.get(connection.provider)?.keepsLine === true;
  return isKept && carriedChannels(connection)?.includes(channel) === true;
}

/** Words of a provider that this version does not know would be believed by nobody. */
function reportingIn(connection: ConnectionSetting, channel: Channel): Reporting {
  const reporting = reportingOf(connection);
  const isKnown = connectedProviders.has(connection.provider);
  return isKnown ? reporting : { ...reporting, provider: simulatedProvider(channel) };
}

/** What cannot be opened is no reason to lose the message: whoever mends it in time still sends it. */
function closed(provider: string): ProviderAdapter {
  return {
    provider,
    takesIdempotencyKeys: () => false,
    state: () => ({ type: "down", why: UNOPENED, retryAfterMs: LOOK_AGAIN_MS }),
    dispatch: async () => ({ type: "temporary", code: "connection-down", text: UNOPENED }),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
