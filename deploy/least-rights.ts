// What each process needs of Kafka, Redis and the registry, and nothing more. `secured.md` shows this
// table, and a test runs the services with exactly these rights.

import { channels, deadLetterTopic, dispatchTopic, topics } from "#libs/contracts/topics.ts";
import { letterSources } from "#libs/dead-letters/letter.ts";

/** A name that ends with `*` stands for all names that begin so. READ and WRITE bring DESCRIBE. */
export type KafkaRights = {
  read: readonly string[];
  /** Topics to DESCRIBE alone. */
  describe?: readonly string[];
  write: readonly string[];
  /** Consumer groups to READ. */
  groups: readonly string[];
};

export type Rights = {
  kafka: KafkaRights;
  /** Patterns of keys; null: no Redis at all. `REDIS_COMMANDS` may be used on them. */
  redis: readonly string[] | null;
  /** `write`: sets levels of compatibility and registers schemas. */
  registry: "read" | "write" | "none";
};

/** Commands of every service's ACL user. INFO tells which Redis answers, how full it is, and whether it may evict keys; of a Cluster, CLUSTER SLOTS who has what. */
export const REDIS_COMMANDS =
  "-@all +@read +@write +@scripting +@connection +time +info +cluster|slots -keys -flushall -flushdb -swapdb";

const name = {
  requests: topics.sendRequests.name,
  cancels: topics.cancelRequests.name,
  reports: topics.statusReports.name,
  ticks: topics.timerTicks.name,
  journal: topics.messageJournal.name,
  outcomes: topics.messageOutcomes.name,
  settings: topics.settings.name,
  marks: topics.deadLetterMarks.name,
};
const commands = channels.map(dispatchTopic);
/** What a decision publishes; what Kafka refuses of it for good goes to the dead letters. */
export const decided: readonly string[] = withDeadLetters([
  ...commands,
  name.outcomes,
  name.journal,
]);
/** Where what nobody could handle waits for a person. */
export const looked: readonly string[] = letterSources.map(deadLetterTopic);
/** Each process reads the settings whole, as a group of its own. */
const followers = `${name.settings}-follower-*`;
/** The shards of the flow store. */
const FLOW_KEYS = ["ft:{*", "ft:shard-count"];
const WEBHOOK_KEYS = ["ft:webhooks:*", "ft:secrets-key"];

/** By the name of the service's folder; `migrate` runs before them. */
export const leastRights: Readonly<Record<string, Rights>> = {
  api: {
    kafka: {
      // Dead letters are looked at, and put back on their topics.
      read: [name.settings, name.marks, ...looked],
      describe: [name.journal],
      write: [
        name.requests,
        name.cancels,
        name.settings,
        name.marks,
        name.reports,
        name.ticks,
        ...commands,
      ],
      groups: [followers],
    },
    redis: [
      ...FLOW_KEYS,
      ...WEBHOOK_KEYS,
      "ft:settings:*",
      "ft:idempotency:*",
      "ft:signature-nonce:*",
      "ft:caps:*",
      "ft:key-rate:*",
    ],
    registry: "read",
  },
  "send-request-consumer": {
    kafka: consuming("send-request-consumer", [name.requests, name.cancels]),
    redis: [...FLOW_KEYS, "ft:webhooks:*", "ft:caps:*"],
    registry: "read",
  },
  "status-report-consumer": {
    kafka: consuming("status-report-consumer", [name.reports]),
    redis: [...FLOW_KEYS, "ft:provider:*"],
    registry: "read",
  },
  "timer-tick-consumer": {
    kafka: consuming("timer-tick-consumer", [name.ticks]),
    redis: FLOW_KEYS,
    registry: "read",
  },
  "delay-scheduler": {
    kafka: {
      read: [name.journal, name.outcomes, name.settings],
      write: [...withDeadLetters([name.ticks]), ...decided],
      groups: ["delay-scheduler", followers],
    },
    redis: [...FLOW_KEYS, "ft:dispatch:*", "ft:provider:*", "ft:webhooks:*"],
    registry: "read",
  },
  "channel-dispatcher": {
    kafka: {
      read: [...commands, name.settings],
      describe: [name.journal],
      write: [...withDeadLetters([name.reports]), ...commands.map(deadLetterTopic)],
      groups: [...channels.map((channel) => `channel-dispatcher-${channel}`), followers],
    },
    redis: [...FLOW_KEYS, "ft:dispatch:*", "ft:provider:*"],
    registry: "read",
  },
  "receipt-bridge": {
    kafka: {
      read: [name.settings],
      write: withDeadLetters([name.reports]),
      groups: [followers],
    },
    redis: null,
    registry: "read",
  },
  "webhook-notifier": {
    kafka: {
      read: [name.journal, name.settings],
      write: [deadLetterTopic(name.journal)],
      groups: ["webhook-notifier", followers],
    },
    redis: [...WEBHOOK_KEYS, "ft:{read-again}*"],
    registry: "read",
  },
  "carrier-simulator": {
    kafka: { read: [], write: [], groups: [] },
    redis: null,
    registry: "none",
  },
};

/** A consumer that moves messages: it may find its topics' bad records a place, too. */
function consuming(groupId: string, read: readonly string[]): KafkaRights {
  return {
    read: [...read, name.settings],
    write: [...read.map(deadLetterTopic), ...decided],
    groups: [groupId, followers],
  };
}

function withDeadLetters(names: readonly string[]): string[] {
  return names.flatMap((each) => [each, deadLetterTopic(each)]);
}
