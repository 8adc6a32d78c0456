// What is said of a schedule: the auditor of the real thing on everything that lies on the topics, and
// what only somebody can see who stands outside of time.
import type { JournalEntry } from "#libs/contracts/generated/types.ts";
import type { SchemaName } from "#libs/contracts/schemas.ts";
import { dispatchTopic, topics } from "#libs/contracts/topics.ts";
import { headerNames } from "#libs/kafka/headers.ts";
import {
  audit,
  type Ledger,
  newestEntries,
  openlyRepeated,
  type Recorded,
} from "#test/support/audit.ts";
import { decodeOwn } from "#test/support/decode-own.ts";
import type { Carriers } from "./carriers.ts";
import type { MemoryBroker } from "./kafka/memory-broker.ts";
import type { MemoryRedis } from "./redis/memory-redis.ts";
import { CHANNELS, SHARD_COUNT } from "./services.ts";

/** An event of a story, and when it was stored first, by the world's clock. */
export type StoredEvent = { name: string; at: number };

export type Witness = {
  broker: MemoryBroker;
  redis: MemoryRedis;
  carriers: Carriers;
  /** When each event of a message's story was stored first, by the world's clock. */
  storedAt: Map<string, readonly StoredEvent[]>;
  /** The version in which a message's request was taken: a cancel may have come before it. */
  takenIn: Map<string, number>;
  requested: string[];
  /** Breaches that were seen when they happened. */
  seen: string[];
};

/** Instants are whole ms, so two of them may seem up to so much closer than they are. */
const ROUNDING_MS = 1;

/** Whether nothing is left to be done; a Redis that lost something is to be restored. */
export function isQuiet({ broker, redis, requested }: Witness): boolean {
  if (!shards().every((shard) => redis.keys.text(`${shard}:epoch`)?.endsWith(` ${redis.runId}`)))
    return false;
  const isEnded = requested.every(
    (messageId) => stateOf(messageId, redis)?.state.phase === "ENDED",
  );
  return isEnded && outboxCount(redis) === 0 && lagOf(broker) === 0 && laneCount(redis) === 0;
}

export function breachesOf(witness: Witness, { wasQuiet }: { wasQuiet: boolean }): string[] {
  const ledger = ledgerOf(witness);
  return [
    ...witness.seen,
    ...(wasQuiet ? [] : stuck(witness)),
    ...audit(ledger),
    ...openHasOneTimer(witness),
    ...noWaitCutShort(witness, ledger),
    ...nothingBeforeItsInstant(witness, ledger),
    ...noCopyUntold(witness, ledger),
    ...nothingSetAside(witness),
    ...storedAsTold(witness, ledger),
  ];
}

const REQUESTS = topics.sendRequests.name;

/**
 * An offset is committed only after all that its record caused is acknowledged: watches the commits of
 * requests. From then on nobody else would bring them again.
 */
export function watchCommits(witness: Witness): void {
  const { broker, seen } = witness;
  const group = broker.group("send-request-consumer");
  group.onCommit = (place, offset) => {
    const [topic = "", partition = ""] = place.split("/");
    if (topic !== REQUESTS) return;
    const from = group.offsets.get(place) ?? 0;
    const { records } = broker.fetch(topic, Number(partition), from, Math.max(0, offset - from));
    const unpublished = new Set(shards().flatMap((shard) => takenUnpublished(shard, witness)));
    for (const { key } of records) {
      if (!unpublished.has(String(key))) continue;
      seen.push(`${String(key)}: its request's offset is committed before its first word is out`);
    }
  };
}

/** The messages whose request was taken by what lies in a shard's outbox. */
function takenUnpublished(shard: string, { redis, takenIn }: Witness): string[] {
  const entries = redis.keys.find(`${shard}:outbox`, "stream")?.entries ?? [];
  return entries.flatMap(({ fields }) => {
    const [, , , versions = "", ...messages] = fields;
    const bytes = Buffer.from(versions, "latin1");
    const ids = messages.filter((_, index) => index % 2 === 0);
    return ids.filter((id, index) => bytes.readUInt32BE(4 * index) === takenIn.get(id));
  });
}

function stuck({ broker, redis, requested }: Witness): string[] {
  const open = requested.filter((messageId) => stateOf(messageId, redis)?.state.phase !== "ENDED");
  return [
    ...open.map((messageId) => `${messageId} does not end`),
    ...(outboxCount(redis) > 0 ? [`${outboxCount(redis)} entries stay in the outbox`] : []),
    ...(lagOf(broker) > 0 ? [`${lagOf(broker)} records are not consumed`] : []),
    ...(laneCount(redis) > 0 ? [`${laneCount(redis)} commands stay in their lanes`] : []),
  ];
}

/** Open message <=> one timer. */
function openHasOneTimer({ redis }: Witness): string[] {
  return shards().flatMap((shard) => {
    const timers = redis.keys.find(`${shard}:timers`, "zset") ?? new Map<string, number>();
    const prefix = `${shard}:m:`;
    const stored = redis.keys.keys().filter((key) => key.startsWith(prefix));
    const open = stored
      .map((key) => key.slice(prefix.length))
      .filter((messageId) => {
        const phase = stateOf(messageId, redis)?.state.phase;
        return phase === "RUNNING" || phase === "SCHEDULED";
      });
    const lone = [...timers.keys()].filter((messageId) => !open.includes(messageId));
    const forgotten = open.filter((messageId) => !timers.has(messageId));
    return [
      ...lone.map((messageId) => `${messageId} has a timer and is not open`),
      ...forgotten.map((messageId) => `${messageId} is open and has no timer`),
    ];
  });
}

/** A wait lasts as long as it should by the world's clock, whatever single clock was wrong. */
function noWaitCutShort({ storedAt }: Witness, ledger: Ledger): string[] {
  return newestEntries(ledger).flatMap(({ messageId, story, state }) => {
    const instants = storedAt.get(messageId) ?? [];
    return story.flatMap(({ rule }, index) => {
      if (rule !== "wait-ended" && rule !== "closing-window-ended") return [];
      const startIndex = story
        .slice(0, index)
        .findLastIndex(({ type }) => type === "ATTEMPT_STARTED");
      const waitMs = state.steps[story[startIndex]?.attemptIndex ?? -1]?.waitMs ?? 0;
      const tookMs = (instants[index]?.at ?? Infinity) - (instants[startIndex]?.at ?? 0);
      if (tookMs >= waitMs - ROUNDING_MS) return [];
      return [
        `${messageId}: a wait of ${waitMs} ms ended after ${Math.round(tookMs)} ms (${rule})`,
      ];
    });
  });
}

/** Nobody starts before a message's start, or ends it for its age before that, by the world's clock. */
function nothingBeforeItsInstant({ storedAt }: Witness, ledger: Ledger): string[] {
  return newestEntries(ledger).flatMap(({ messageId, story, state }) => {
    const instants = storedAt.get(messageId) ?? [];
    return story.flatMap(({ rule }, index) => {
      const { scheduledAt, expiresAt } = state;
      const notBefore = { "first-step": scheduledAt, expired: expiresAt }[rule] ?? 0;
      const earlyMs = notBefore - (instants[index]?.at ?? Infinity);
      return earlyMs > ROUNDING_MS
        ? [`${messageId}: ${rule} is ${Math.round(earlyMs)} ms early`]
        : [];
    });
  });
}

/** What its carrier has taken is not sent once more without a word that the answer was lost. */
function noCopyUntold({ carriers }: Witness, ledger: Ledger): string[] {
  const taken = carriers.calls.filter(({ isTaken }) => isTaken);
  const copied = [...Map.groupBy(taken, ({ commandId }) => commandId)].filter(
    ([, calls]) => calls.length > 1,
  );
  const told = openlyRepeated(ledger);
  return copied
    .filter(([commandId]) => !told.has(commandId))
    .map(([commandId, { length }]) => `${commandId} was taken ${length} times, and nobody says so`);
}

/** Nobody sends poison here: a dead letter is a message's word that is lost. */
function nothingSetAside({ broker }: Witness): string[] {
  return ALL_TOPICS.flatMap((topic) =>
    broker
      .read(`${topic}-dlt`)
      .map(({ headers }) => `a dead letter of ${topic}: ${String(headers["ft-dlt-reason"])}`),
  );
}

/** Redis holds what the journal ends with. */
function storedAsTold({ redis }: Witness, ledger: Ledger): string[] {
  return newestEntries(ledger).flatMap(({ messageId, version }) => {
    const stored = stateOf(messageId, redis);
    if (stored?.version === version) return [];
    return [`${messageId}: the journal has v${version}, Redis has v${stored?.version ?? 0}`];
  });
}

const DISPATCH_TOPICS = CHANNELS.map((channel) => dispatchTopic(channel));
const ALL_TOPICS = [
  topics.sendRequests.name,
  topics.cancelRequests.name,
  topics.statusReports.name,
  topics.timerTicks.name,
  topics.messageJournal.name,
  topics.messageOutcomes.name,
  ...DISPATCH_TOPICS,
];

function ledgerOf({ broker }: Witness): Ledger {
  const read = <T>(schema: SchemaName, ...names: string[]): Recorded<T>[] =>
    names.flatMap((name) =>
      broker.read(name).flatMap(({ key, value, partition, headers }) => {
        if (!value) return [];
        const epoch = headerNames.epoch in headers ? String(headers[headerNames.epoch]) : "";
        const recorded = decodeOwn(schema, value) as T;
        return [{ key: String(key), partition, bytes: value, epoch, value: recorded }];
      }),
    );
  return {
    requests: read("send-request", topics.sendRequests.name),
    reports: read("status-report", topics.statusReports.name),
    ticks: read("timer-tick", topics.timerTicks.name),
    commands: read("dispatch-command", ...DISPATCH_TOPICS),
    outcomes: read("message-outcome", topics.messageOutcomes.name),
    journal: read("journal-entry", topics.messageJournal.name),
  };
}

function shards(): string[] {
  return Array.from(
    { length: SHARD_COUNT },
    (_, shard) => `ft:{${String(shard).padStart(2, "0")}}`,
  );
}

function outboxCount({ keys }: MemoryRedis): number {
  return shards().reduce(
    (sum, shard) => sum + (keys.find(`${shard}:outbox`, "stream")?.entries.length ?? 0),
    0,
  );
}

function laneCount({ keys }: MemoryRedis): number {
  const held = keys
    .keys()
    .filter((key) => key.startsWith("ft:dispatch:") && key.endsWith(":delayed"));
  const waiting = keys
    .keys()
    .filter((key) => key.startsWith("ft:dispatch:") && key.endsWith(":waiting"));
  return [...held, ...waiting].reduce((sum, key) => sum + (keys.find(key, "zset")?.size ?? 0), 0);
}

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  "send-request-consumer": [topics.sendRequests.name, topics.cancelRequests.name],
  "status-report-consumer": [topics.statusReports.name],
  "timer-tick-consumer": [topics.timerTicks.name],
  "delay-scheduler": [topics.messageJournal.name],
  ...Object.fromEntries(
    CHANNELS.map((channel) => [`channel-dispatcher-${channel}`, [dispatchTopic(channel)]]),
  ),
};

function lagOf(broker: MemoryBroker): number {
  return Object.entries(GROUPS).reduce((sum, [groupId, names]) => {
    const { offsets } = broker.group(groupId);
    const lags = names.flatMap((topic) =>
      Array.from({ length: broker.partitionCount(topic) }, (_, partition) => {
        const { low, high } = broker.offsets(topic, partition);
        return high - (offsets.get(`${topic}/${partition}`) ?? low);
      }),
    );
    return sum + lags.reduce((a, b) => a + b, 0);
  }, 0);
}

type Stored = { version: number; state: JournalEntry["state"] };

function stateOf(messageId: string, { keys }: MemoryRedis): Stored | undefined {
  for (const shard of shards()) {
    const value = keys.text(`${shard}:m:${messageId}`);
    if (value === undefined) continue;
    const bytes = Buffer.from(value, "latin1");
    const { state } = decodeOwn("journal-entry", bytes.subarray(4));
    return { version: bytes.readUInt32BE(), state };
  }
  return undefined;
}
