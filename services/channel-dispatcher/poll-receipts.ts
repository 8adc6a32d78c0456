// Receipts of connections whose providers cannot post to us: they are asked for, by one process at a time.
import { carriedChannels } from "#libs/connections/carried-channels.ts";
import { openConnection } from "#libs/connections/open-connection.ts";
import type { Channel } from "#libs/contracts/topics.ts";
import type { PollTurns } from "#libs/dispatch-store/poll-turns.ts";
import type { Access } from "#libs/providers/provider.ts";
import { reportingOf } from "#libs/providers/providers.ts";
import type { ConnectionSetting } from "#libs/settings/bodies/connection.ts";
import type { SettingsStore } from "#libs/settings/settings-store.ts";
import type { SecretsKeys } from "#libs/webhooks/sealing.ts";
import { type PollOnceDeps, pollOnce } from "./poll-once.ts";

/** So long a change of the settings may be unseen. */
const LOOK_INTERVAL_MS = 500;
/** So many are asked at once: each may answer with 3 MB, which are held until Kafka has them. */
const POLL_COUNT_MAX = 32;

export type PollDeps = Omit<PollOnceDeps, "stopping" | "turns" | "channel"> & {
  channel: Channel;
  settings: Pick<SettingsStore, "connections">;
  secretsKeys: SecretsKeys;
  turns: PollTurns;
  timeScale: number;
};

/** Disposal lets what was read come to Kafka, if that takes it at once. */
export function startPolling(deps: PollDeps): AsyncDisposable {
  const { settings, channel, turns, timeScale, log } = deps;
  const stopping = new AbortController();
  const accessOf = opening(deps.secretsKeys);
  const polling = new Map<string, Promise<void>>();
  const faultCounts = new Map<string, number>();
  let pollCount = 0;

  async function pollInTurn(body: ConnectionSetting, access: Access): Promise<void> {
    const { guid } = body;
    if (!(await turns.take(guid))) return;
    if (pollCount >= POLL_COUNT_MAX) return turns.end(guid, LOOK_INTERVAL_MS);
    pollCount += 1;
    await poll(body, access).finally(() => (pollCount -= 1));
  }

  async function poll(body: ConnectionSetting, access: Access): Promise<void> {
    const { guid } = body;
    const faultCount = faultCounts.get(guid) ?? 0;
    const target = { guid, reporting: reportingOf(body), access, faultCount };
    const end = await pollOnce(target, { ...deps, stopping: stopping.signal });
    if (end.faultCount === 0) faultCounts.delete(guid);
    else faultCounts.set(guid, end.faultCount);
    await turns.end(guid, end.againMs * timeScale);
  }

  function look(): void {
    for (const { accountId, body } of settings.connections()) {
      if (!body.enabled || !carriedChannels(body)?.includes(channel) || polling.has(body.guid))
        continue;
      const access = accessOf(body, accountId);
      if (!access?.poll) continue;
      const polled = pollInTurn(body, access)
        .catch((error: unknown) => log.warn({ err: error }, "receipts were not polled"))
        .finally(() => polling.delete(body.guid));
      polling.set(body.guid, polled);
    }
  }

  const timer = setInterval(look, LOOK_INTERVAL_MS);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      stopping.abort();
      await Promise.all(polling.values());
    },
  };
}

/** Each is opened once, until it is changed; null: nothing here opens it. */
function opening(secretsKeys: SecretsKeys) {
  const opened = new WeakMap<ConnectionSetting, Access | null>();
  return (body: ConnectionSetting, accountId: string): Access | null => {
    const known = opened.get(body);
    if (known !== undefined) return known;
    const access = openConnection(body, { secretsKeys, accountId }) ?? null;
    opened.set(body, access);
    return access;
  };
}
