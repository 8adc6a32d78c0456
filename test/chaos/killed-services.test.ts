// Fault: each service is killed with SIGKILL while it has work in hand, and restarted, one after the
// other under one load; most are still healing when the next one dies. Invariants: guarantees 1 to 4,
// as the auditor finds them on the topics; whoever was accepted has an outcome.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Infrastructure } from "#deploy/infrastructure/start-infrastructure.ts";
import { audit, type Ledger } from "#test/support/audit.ts";
import {
  type Constellation,
  serviceNames,
  startConstellation,
} from "#test/support/constellation.ts";
import { untilCaughtUp } from "#test/support/consumer-groups.ts";
import { type Load, startLoad } from "#test/support/load.ts";
import { followOutcomes } from "#test/support/outcome-log.ts";
import { startOwnInfrastructure } from "#test/support/own-infrastructure.ts";
import { readLedger } from "#test/support/read-ledger.ts";
import { sentCalls } from "#test/support/sent-calls.ts";

/** 60 s become 3 s. */
const TIME_SCALE = 0.05;
/** Between two kills, ms; a dead consumer's group heals in 10 s, so the faults overlap. */
const PAUSE_MS = 3_000;
/** Sent in parts around each kill, so that every service has some of it in hand at any moment. */
const PART_COUNT = 8;
const PART_SIZE = 50;
const PART_INTERVAL_MS = 60;
/** Killed a second time: those that hold batches. */
const CONSUMERS = [
  "send-request-consumer",
  "channel-dispatcher",
  "timer-tick-consumer",
  "status-report-consumer",
] as const;
/** The longest path is three waits, and a dead consumer's records come back after 10 s. */
const OUTCOME_WITHIN_MS = 120_000;
const LEASE_OVER_WITHIN_MS = 30_000;

const opened = new AsyncDisposableStack();
let infrastructure: Infrastructure;
let constellation: Constellation;

beforeAll(async () => {
  infrastructure = opened.use(await startOwnInfrastructure());
  const timeScale = TIME_SCALE;
  constellation = opened.use(await startConstellation({ timeScale, infrastructure }));
}, 180_000);
afterAll(() => opened.disposeAsync(), 60_000);

it("keeps every guarantee while each service is killed in turn", async () => {
  const { places } = constellation;
  await using outcomes = await followOutcomes(places);
  const kills: string[] = [];
  const load = await startLoad(places);
  for (const name of [...serviceNames, ...CONSUMERS]) {
    await sleep(PAUSE_MS);
    const sending = sendInParts(load);
    const delayMs = Math.round(Math.random() * PART_COUNT * PART_INTERVAL_MS);
    await sleep(delayMs);
    kills.push(`${name} after ${delayMs} ms`);
    await constellation.bounce(name);
    await sending;
  }
  await sleep(PAUSE_MS);
  const accepted = await load.stop();
  await constellation.ready();
  const timeoutMs = OUTCOME_WITHIN_MS;
  for (const messageId of accepted) await outcomes.next(messageId, { timeoutMs });
  await untilCaughtUp(places.brokers);
  // A command that a dead dispatcher held is answered once its lease is over.
  const ledger = await vi.waitFor(
    async () => {
      const found = await readLedger(places);
      expect(audit(found), `Killed: ${kills.join(", ")}`).toEqual([]);
      return found;
    },
    { timeout: LEASE_OVER_WITHIN_MS, interval: 1_000 },
  );
  expect(await secretRepeats(ledger)).toEqual([]);
  const requested = new Set(ledger.requests.map(({ value }) => value.messageId));
  expect(accepted.filter((messageId) => !requested.has(messageId))).toEqual([]);
  expect(constellation.faults()).toEqual([]);
}, 400_000);

async function sendInParts(load: Load): Promise<void> {
  for (let part = 0; part < PART_COUNT; part++) {
    await load.burst(PART_SIZE);
    await sleep(PART_INTERVAL_MS);
  }
}

/**
 * Attempts that the carriers took twice though no report says that an answer was lost. They were
 * killed first, so they remember all but the first calls.
 */
async function secretRepeats({ reports }: Ledger): Promise<string[]> {
  const calls = await sentCalls(constellation.places.simulatorUrl);
  const taken = calls.filter(({ providerMessageId }) => providerMessageId !== null);
  const open = new Set(
    reports
      .filter(({ value }) => value.errorCode?.startsWith("answer-lost"))
      .map(({ value }) => `${value.messageId}:${value.attemptIndex}`),
  );
  const byCommand = Map.groupBy(taken, ({ commandId }) => commandId);
  return [...byCommand]
    .filter(([commandId, each]) => each.length > 1 && !open.has(commandId))
    .map(([commandId]) => commandId);
}
