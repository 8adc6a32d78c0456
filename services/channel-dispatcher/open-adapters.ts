// All whom this process calls, whatever the channel: the simulated carriers, and the connections of
// accounts and the operator. One place for all channels, because the next step takes back what the one before left.
import type { Dispatcher } from "undici";
import type { LeftAttempt } from "#libs/contracts/generated/types.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { type Channel, channels } from "#libs/contracts/topics.ts";
import type { ConnectSocket } from "#libs/http/outward/guarded-sockets.ts";
import type { Producer } from "#libs/kafka/ports.ts";
import type { Line, Reporting } from "#libs/providers/provider.ts";
import type { ProviderAdapter } from "#libs/providers/provider-adapter.ts";
import { reportingAs, simulatedProviderOf } from "#libs/providers/providers.ts";
import { receiptRecords } from "#libs/providers/receipt-records.ts";
import type { SettingsView } from "#libs/settings/connect-settings.ts";
import type { Log } from "#libs/telemetry/log.ts";
import type { Config } from "./config.ts";
import { type OpenLines, openLines } from "./open-lines.ts";

export type Adapters = Pick<OpenLines, "adapterOf"> &
  AsyncDisposable & {
    simulatedOf(channel: Channel): ProviderAdapter;
    /** Who took an attempt of the account, if that can still be asked. */
    takerOf(left: Pick<LeftAttempt, "provider" | "channel">, accountId: string): Taker;
  };
type Taker = ProviderAdapter | undefined;

type Reaching = {
  contracts: Contracts;
  producer: Producer;
  settings: Pick<SettingsView, "connectionsOf" | "connections">;
  /** Reach the providers of connections. */
  agent: Dispatcher;
  connectSocket: ConnectSocket;
  /** Where the receipts of kept lines go. */
  reportTopic: string;
  log: Log;
};

/** Opens nothing of what has no receipts on its own line until it is called. */
export function openAdapters(config: Config, reaching: Reaching): Adapters {
  const { settings } = reaching;
  const opened = new AsyncDisposableStack();
  const line = lineOf(config, reaching);
  const lines = opened.use(openLines({ ...config, settings, line }));
  const timeoutMs = config.carrierTimeoutMs;
  const simulated = new Map(
    channels.map((channel) => {
      const connect = () => simulatedProviderOf(channel).connect({ ...config, timeoutMs });
      return [channel, opened.use(connect())];
    }),
  );
  return {
    adapterOf: (connection, channel) => lines.adapterOf(connection, channel),
    simulatedOf(channel) {
      const adapter = simulated.get(channel);
      if (!adapter) throw new Error(`No provider carries ${channel}.`);
      return adapter;
    },
    takerOf({ provider, channel: name }, accountId) {
      const channel = channels.find((each) => each === name);
      if (channel === undefined) return undefined;
      if (simulated.get(channel)?.provider === provider) return simulated.get(channel);
      const connections = settings.connectionsOf(accountId);
      const isTaker = ({ body }: (typeof connections)[number]) =>
        body.enabled && reportingAs(body) === provider;
      const taker = connections.find(isTaker);
      return taker && lines.adapterOf(taker, channel);
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

function lineOf(
  { carrierTimeoutMs: timeoutMs }: Config,
  { reportTopic: topic, agent, connectSocket, contracts, producer, log }: Reaching,
): Omit<Line, keyof Reporting> {
  const records = { topic, codec: contracts.statusReport, now: Date.now };
  return {
    agent,
    connectSocket,
    timeoutMs,
    log,
    takeReceipts: async (read) => producer.publish(await receiptRecords(read, records)),
  };
}
