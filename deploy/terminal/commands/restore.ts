// `npx fallthrough restore --dry-run`: what the delay-scheduler would do to restore Redis. Unlike every other
// command it asks Redis and Kafka themselves: the API shows no message while shards are closed.
import type { Command } from "commander";
import { readKafka, readRedis, readRegistry } from "#libs/config/connections.ts";
import { ConfigError, type EnvReader, readEnv } from "#libs/config/read-env.ts";
import { connectContracts } from "#libs/contracts/registry.ts";
import { topics } from "#libs/contracts/topics.ts";
import { RetriableError } from "#libs/errors.ts";
import { createEpochGuard } from "#libs/flow-store/epoch-guard.ts";
import { createFlowStore } from "#libs/flow-store/flow-store.ts";
import { openSpanReader } from "#libs/kafka/span-reader.ts";
import { readShardCount } from "#libs/message-flow/flow-config.ts";
import { printableJson } from "#libs/printable.ts";
import { connectRedis } from "#libs/redis/connect-redis.ts";
import { type Survey, surveyRestore } from "#libs/restore/survey-restore.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { unreachableFault, usageFault } from "../faults.ts";
import type { Env } from "../settings/file-credentials.ts";
import { type GlobalFlags, infrastructureEnv } from "../where.ts";
import { example } from "./example.ts";

const WHERE = `
It asks Kafka, its registry and Redis themselves: those that \`npm start\` runs in this folder, or those of the
services' variables, once one is set: KAFKA_BROKERS, SCHEMA_REGISTRY_URL, REDIS_URL, SHARD_COUNT, and those of their
logins. A restore itself needs no command: the delay-scheduler does it as soon as it finds shards closed.
`;

export function addRestore(program: Command, env: Env): void {
  program
    .command("restore")
    .description("Say what restoring Redis from the journal would do.")
    .requiredOption("--dry-run", "only say it; the delay-scheduler does it by itself")
    .addHelpText("after", WHERE + example("npx fallthrough restore --dry-run"))
    .action(async (_options: unknown, command: Command) => {
      const { json } = command.optsWithGlobals<GlobalFlags>();
      const survey = await surveyOrFault(infrastructureEnv(command, env));
      console.log(json ? printableJson(survey) : showSurvey(survey).join("\n"));
    });
}

async function surveyOrFault(env: Env): Promise<Survey> {
  try {
    return await surveyAt(readEnv(env, readPlaces));
  } catch (error) {
    if (error instanceof ConfigError) throw usageFault(error.message);
    if (error instanceof RetriableError) throw unreachableFault(error.message);
    throw error;
  }
}

function readPlaces(read: EnvReader) {
  const shardCount = readShardCount(read);
  return { kafka: readKafka(read), ...readRegistry(read), ...readRedis(read), shardCount };
}

type Places = ReturnType<typeof readPlaces>;

async function surveyAt({ kafka, redisUrl, redisAccess, shardCount, ...registry }: Places) {
  const log = createLog("restore", "fatal");
  await using redis = await at("REDIS_URL", connectRedis({ url: redisUrl, ...redisAccess, log }));
  return await surveyRestore({
    // Not connected as a service does it: that would write down how many shards there are.
    store: createFlowStore(
      { redis, guard: createEpochGuard({ redis, shardCount, log }) },
      shardCount,
    ),
    contracts: await at("SCHEMA_REGISTRY_URL", connectContracts(registry)),
    openReader: () =>
      at("KAFKA_BROKERS", openSpanReader({ ...kafka, log }, topics.messageJournal.name)),
    nowMs: Date.now(),
  });
}

/** Who does not answer, or does not let us in, or is somebody else, is no bug of ours. */
async function at<Connected>(variable: string, connecting: Promise<Connected>): Promise<Connected> {
  try {
    return await connecting;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof RetriableError) throw unreachableFault(`${variable}: ${error.message}`);
    throw usageFault(`What ${variable} names does not take us: ${error.message}`);
  }
}

function showSurvey({ shardCount, plans, ...counts }: Survey): string[] {
  if (plans.length === 0)
    return [`All ${shardCount} shards are open: there is nothing to restore.`];
  const whole = plans.filter(({ kind }) => kind === "whole").length;
  const sinceMs = Math.min(...plans.map((plan) => plan.sinceMs));
  return [
    `${plans.length} of ${shardCount} shards are closed; of ${whole} Redis knows nothing.`,
    `The journal would be read from ${new Date(sinceMs).toISOString()} on: ${counts.recordCount} records.`,
    `  ${counts.openCount} of open messages, ${counts.overdueCount} of them overdue: their timers would fire within ten seconds`,
    `  ${counts.endedCount} of ended messages`,
    `  ${counts.unreadableCount} that nobody can read: they would become dead letters`,
    "Only what is newer than what Redis has would be stored. Nothing was changed.",
  ];
}
