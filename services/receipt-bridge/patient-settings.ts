// The settings for a service that must answer before Kafka does: carriers get a 503 rather than no
// connection at all.
import { setTimeout as sleep } from "node:timers/promises";
import { RetriableError } from "#libs/errors.ts";
import type { SettingsView } from "#libs/settings/connect-settings.ts";
import type { Log } from "#libs/telemetry/log.ts";

const PAUSE_MS = 1_000;

export type PatientSettings = AsyncDisposable & {
  isThere(): boolean;
  /** Throws RetriableError until the settings have been read. */
  findConnection: SettingsView["findConnection"];
};

/** Connects at once, and again until that has succeeded. */
export function patientSettings(
  connect: () => Promise<SettingsView & AsyncDisposable>,
  log: Log,
): PatientSettings {
  const stopping = new AbortController();
  let view: (SettingsView & AsyncDisposable) | undefined;

  async function connectOnce(): Promise<void> {
    while (!view && !stopping.signal.aborted) {
      try {
        view = await connect();
      } catch (error) {
        log.warn({ err: error }, "the settings are not there yet");
        await sleep(PAUSE_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  }

  const connecting = connectOnce();
  return {
    isThere: () => view !== undefined,
    findConnection(receiptKey) {
      if (!view) throw new RetriableError("The settings are not there yet.");
      return view.findConnection(receiptKey);
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await connecting;
      await view?.[Symbol.asyncDispose]();
    },
  };
}
