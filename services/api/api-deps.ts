import type { Settings } from "#libs/settings/account.ts";
import type { Log } from "#libs/telemetry/log.ts";
import type { AcceptMessage } from "./accept-message.ts";
import type { FindMessage } from "./find-message.ts";

/** What every dialect is served with. */
export type ApiDeps = {
  settings: Settings;
  accept: AcceptMessage;
  find: FindMessage;
  log: Log;
};
