import type { SettingsView } from "#libs/settings/connect-settings.ts";
import type { SettingsWriter } from "#libs/settings/settings-writer.ts";
import type { Log } from "#libs/telemetry/log.ts";
import type { AcceptMessage } from "./accept-message.ts";
import type { FindMessage } from "./find-message.ts";

/** What every dialect is served with. */
export type ApiDeps = {
  settings: SettingsView;
  writer: SettingsWriter;
  accept: AcceptMessage;
  find: FindMessage;
  log: Log;
};
