// The settings as this process sees them: the whole compacted topic in memory, from its beginning,
// followed for ever. A change is seen here some milliseconds after Kafka has it.
import type { Contracts } from "#libs/contracts/registry.ts";
import { topics } from "#libs/contracts/topics.ts";
import { type FollowedRecord, followTopic } from "#libs/kafka/follow-topic.ts";
import type { KafkaConfig } from "#libs/kafka/kafka-config.ts";
import type { Share } from "#libs/share.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { readSetting } from "./read-setting.ts";
import { type SettingsStore, settingsStore } from "./settings-store.ts";

export type SettingsView = Omit<SettingsStore, "put" | "drop"> & {
  /**
   * Resolves with the topic's end once everything that Kafka has is seen here. Throws
   * RetriableError while Kafka is away.
   */
  caughtUp(): Promise<number>;
};

type ConnectOptions = {
  kafka: Omit<KafkaConfig, "log">;
  contracts: Pick<Contracts, "setting">;
  log: Log;
  /** The view cannot follow any more: it would grow old without a word. */
  onFatal: (error: unknown) => void;
  shareSettings?: Share<SettingsView>;
};

/**
 * Resolves once everything is read that was on the topic at the start. What cannot be read is
 * logged and left out. Throws RetriableError when Kafka cannot be reached. What is shared logs to the first
 * caller's log, and tells the first of its end.
 */
export function connectSettings(options: ConnectOptions): Promise<SettingsView & AsyncDisposable> {
  const connect = () => followSettings(options);
  return options.shareSettings?.(connect) ?? connect();
}

async function followSettings(options: ConnectOptions): Promise<SettingsView & AsyncDisposable> {
  const { kafka, contracts, log, onFatal } = options;
  const store = settingsStore();
  await using opened = new AsyncDisposableStack();
  const follower = opened.use(
    await followTopic({
      kafka: { ...kafka, log },
      topic: topics.settings.name,
      handle: (records) => take(records, store, { contracts, log }),
      onFatal,
    }),
  );
  await follower.caughtUp();
  const resources = opened.move();
  return {
    ...store,
    caughtUp: () => follower.caughtUp(),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function take(
  records: readonly FollowedRecord[],
  store: SettingsStore,
  { contracts, log }: Pick<ConnectOptions, "contracts" | "log">,
): Promise<void> {
  const values = records.flatMap(({ value }) => (value ? [value] : []));
  const reads = (await contracts.setting.read(values)).values();
  for (const { key, value } of records) {
    // What a record replaces no longer holds, even if the record itself says nothing.
    store.drop(key);
    const { value: decoded } = value ? reads.next() : {};
    if (!decoded) continue;
    const { setting, fault } = readSetting(key, decoded);
    if (setting) store.put(setting);
    if (fault === undefined) continue;
    log.error({ key, fault }, setting ? "a setting holds its messages" : "a setting is left out");
  }
}
