// `npm run bench [-- --quick]`: the whole path beside kafkajs alone, in one run on this machine.
import { mkdir, writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readInfrastructureConfig } from "#deploy/infrastructure/config.ts";
import { createProgress } from "#deploy/infrastructure/progress.ts";
import { startTemporaryInfrastructure } from "#deploy/infrastructure/temporary-infrastructure.ts";
import { stopSignal } from "#deploy/product/stop-signal.ts";
import { migrate } from "#libs/contracts/migrate.ts";
import { connectContracts } from "#libs/contracts/registry.ts";
import { defaultTopicSizes } from "#libs/contracts/topics.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { publishDemo } from "#test/support/demo-settings.ts";
import { outsideClient } from "#test/support/outside-client.ts";
import { findInfrastructurePids } from "./infrastructure-pids.ts";
import { measureReceipts } from "./receipts.ts";
import { type Results, type Round, toTables } from "./report.ts";
import { measureRestore } from "./restore.ts";
import { type Bench, measureCeiling, measureLives, measurePath } from "./throughput.ts";
import { measureLateness } from "./timers.ts";

const FOLDER = join(import.meta.dirname, "../../.fallthrough/bench");
/** As many as Meta may put into a post of some 30 kB. */
const RECEIPTS_PER_POST = 100;
const FULL = {
  messageCount: 50_000,
  roundCount: 3,
  timerRates: [500, 2_000],
  timerSeconds: 20,
  restoredCount: 50_000,
};
const QUICK = {
  messageCount: 1_000,
  roundCount: 1,
  timerRates: [100],
  timerSeconds: 2,
  restoredCount: 1_000,
};

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const plan = values.quick ? QUICK : FULL;
const progress = createProgress();
const signal = stopSignal();
const config = readInfrastructureConfig(process.env);
await using infrastructure = await startTemporaryInfrastructure({ config, progress, signal });
const { kafkaBrokers: brokers, schemaRegistryUrl: registryUrl } = infrastructure;
await migrate({ brokers, registryUrl, sizes: defaultTopicSizes });
const kafka = outsideClient(brokers);
const admin = kafka.admin();
await admin.connect();
await using producer = await connectProducer({ brokers, log: createLog("bench", "error") });
const contracts = await connectContracts({ registryUrl });
await publishDemo({ producer, contracts });
const bench: Bench = {
  infrastructure,
  kafka,
  admin,
  producer,
  contracts,
  watched: await findInfrastructurePids(infrastructure),
  messageCount: plan.messageCount,
};

const results: Results = {
  at: new Date().toISOString(),
  machine: {
    cores: cpus().length,
    model: cpus()[0]?.model ?? "unknown",
    node: process.version,
    loadAtStart: loadavg()[0] ?? 0,
  },
  messageCount: plan.messageCount,
  rounds: await runRounds(),
  timers: await runTimers(),
  restore: await measureRestore(bench, plan.restoredCount),
};
await admin.disconnect();
await mkdir(FOLDER, { recursive: true });
const file = join(FOLDER, `${results.at.replaceAll(":", "-")}.json`);
await writeFile(file, JSON.stringify(results, null, 2));
console.log(`\n${toTables(results)}\n\nAs JSON: ${file}`);

/** Interleaved, so that what slows the machine down for a while slows all of them down. */
async function runRounds(): Promise<Round[]> {
  const rounds: Round[] = [];
  for (let round = 1; round <= plan.roundCount; round++) {
    progress.say(`Round ${round} of ${plan.roundCount}`);
    const ceiling = await measureCeiling(bench);
    const path = await measurePath(bench);
    const lives = await measureLives(bench);
    const receipts = await measureReceipts(bench, 1);
    const batched = await measureReceipts(bench, RECEIPTS_PER_POST);
    rounds.push({ ceiling, path, lives, receipts, batched });
  }
  return rounds;
}

async function runTimers() {
  const timers = [];
  for (const rate of plan.timerRates) {
    progress.say(`${rate} timers a second for ${plan.timerSeconds} s`);
    timers.push(await measureLateness(bench, rate, plan.timerSeconds));
  }
  return timers;
}
