// A service is a definition: its name, how it reads its configuration, how it starts. `runService`
// runs one as a process; all-in-one starts all of them in one.
import type { EnvReader } from "#libs/config/read-env.ts";
import type { SettingsView } from "#libs/settings/connect-settings.ts";
import type { Share } from "#libs/share.ts";
import type { Log } from "#libs/telemetry/log.ts";

export type RunningService = AsyncDisposable & {
  /**
   * What keeps the service from its work, one sentence each, for a person: it does not consume, listen
   * or tick, a partition stands still, records end as dead letters. Empty while it is ready.
   */
  whyNotReady(): readonly string[];
  /** What goes worse than it should while the service does its work, one sentence each: told, no more. */
  degraded?(): readonly string[];
};

export type ServiceContext = {
  log: Log;
  /** Reports a fault that the service cannot survive: the process stops and exits with 1. */
  onFatal: (error: unknown) => void;
  /** Where several services share a process: so they have one view of the settings among them. */
  shareSettings?: Share<SettingsView>;
};

export type ServiceDefinition<Config> = {
  name: string;
  readConfig(read: EnvReader): Config;
  /** Resolves when the service has what it needs to run. Disposal drains work in flight. */
  start(config: Config, context: ServiceContext): Promise<RunningService>;
};
