// Changes settings, in the api only: take the lock, catch up with the topic, check the revision and
// the rules, append, wait until the own view has it.
import type { Contracts } from "#libs/contracts/registry.ts";
import { topics } from "#libs/contracts/topics.ts";
import type { OutgoingRecord, Producer } from "#libs/kafka/ports.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { checkChange } from "./check-change.ts";
import type { SettingsView } from "./connect-settings.ts";
import { checkExpected, type Expected } from "./expected.ts";
import {
  type AnySetting,
  type BodyOf,
  isOfKind,
  type Kind,
  type Place,
  type Stamp,
  settingKey,
  withBody,
} from "./setting.ts";
import { writeLock } from "./write-lock.ts";

export type Change<K extends Kind> = {
  place: Place<K>;
  expected: Expected;
  /** The name of the key that asks for it. */
  by: string;
  /** The body after the change, from the one before it; null deletes. May throw SettingRefusal. */
  next: (current: BodyOf<K> | undefined) => BodyOf<K> | null;
  /** What is put with it, in one write: a setting that no rule of the account's is about. */
  beside?: (current: BodyOf<K>, stamp: Stamp) => AnySetting;
};

export type SettingsWriter = {
  /**
   * Resolves with the setting once Kafka has it on all in-sync replicas and this process sees it;
   * with null for a deletion. Throws SettingRefusal for what the rules forbid, and RetriableError
   * while Kafka or Redis is away: the change may have been made then.
   */
  change<K extends Kind>(change: Change<K>): Promise<AnySetting | null>;
};

type WriterDeps = {
  view: SettingsView;
  redis: RedisConnection;
  producer: Producer;
  contracts: Pick<Contracts, "setting">;
};

/** One for each process: changes of all processes take turns by a lock in Redis. */
export function settingsWriter(deps: WriterDeps): SettingsWriter {
  const inTurn = writeLock(deps.redis);
  return { change: (change) => inTurn(() => carryOut(change, deps)) };
}

async function carryOut<K extends Kind>(
  { place, expected, by, next, beside }: Change<K>,
  { view, producer, contracts }: WriterDeps,
): Promise<AnySetting | null> {
  const end = await view.caughtUp();
  const current = view.find(place);
  checkExpected(expected, current);
  const before = current && isOfKind(current, place.kind) ? current.body : undefined;
  const body = next(before);
  const changed = { changedAt: Date.now(), changedBy: by };
  const other = before && beside?.(before, { ...changed, revision: end + 1 });
  // Offsets rise even where a setting is deleted and made again: no ETag ever comes back.
  const stamp = { ...changed, revision: end + (other ? 2 : 1) };
  const setting = body && withBody({ ...place, ...stamp }, body);
  checkChange(place, setting, view);
  const besides = other ? [recordOf(other, other, contracts)] : [];
  await producer.publish([...besides, recordOf(place, setting, contracts)]);
  await view.caughtUp();
  return setting;
}

function recordOf(
  place: Place,
  setting: AnySetting | null,
  contracts: WriterDeps["contracts"],
): OutgoingRecord {
  const value =
    setting && contracts.setting.encode({ ...setting, body: JSON.stringify(setting.body) });
  return { topic: topics.settings.name, key: settingKey(place), value };
}
