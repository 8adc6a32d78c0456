// Fault: processes are killed with SIGKILL while they have work in hand, and restarted; most are still
// healing when the next one dies. First two webhook-notifiers in turn, then each service, on one
// constellation. Invariants: every event of a story is told, in its order, under one id; guarantees 1 to
// 4, as the auditor finds them on the topics; whoever was accepted has an outcome.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { StepInit } from "#libs/contracts/generated/types.ts";
import { audit, type Ledger } from "#test/support/audit.ts";
import {
  type Constellation,
  serviceNames,
  startConstellation,
} from "#test/support/constellation.ts";
import { untilCaughtUp } from "#test/support/consumer-groups.ts";
import { startLoad } from "#test/support/load.ts";
import { followOutcomes, type OutcomeLog } from "#test/support/outcome-log.ts";
import { startOwnInfrastructure } from "#test/support/own-infrastructure.ts";
import { readLedger } from "#test/support/read-ledger.ts";
import { sentCalls } from "#test/support/sent-calls.ts";
import { type ServiceProcess, startService } from "#test/support/service-process.ts";
import { readStories, toldStories } from "#test/support/told-stories.ts";
import { connectUpstream } from "#test/support/upstream.ts";
import { startReceiver } from "#test/support/webhook-receiver.ts";

/** 60 s become 3 s. */
const TIME_SCALE = 0.05;
/** Between two parts of what is sent around each kill, so that the one that dies has some in hand. */
const PART_INTERVAL_MS = 60;
/** The longest path is three waits, and a dead consumer's records come back after 10 s. */
const OUTCOME_WITHIN_MS = 120_000;

const opened = new AsyncDisposableStack();
let constellation: Constellation;

beforeAll(async () => {
  const infrastructure = opened.use(await startOwnInfrastructure());
  const timeScale = TIME_SCALE;
  constellation = opened.use(await startConstellation({ timeScale, infrastructure }));
}, 180_000);
afterAll(() => opened.disposeAsync(), 60_000);

/** Sends part after part, and resolves with the ms after which to kill: some moment meanwhile. */
function sendInParts(partCount: number, sendPart: () => Promise<void>) {
  const send = async () => {
    for (let part = 0; part < partCount; part++) {
      await sendPart();
      await sleep(PART_INTERVAL_MS);
    }
  };
  return { sent: send(), killAfterMs: Math.round(Math.random() * partCount * PART_INTERVAL_MS) };
}

const NOTIFIER_KILL_COUNT = 6;
const NOTIFIER_PAUSE_MS = 2_500;
/** A dead notifier's partitions come back after 10 s, and what it had claimed after 20 s. */
const TOLD_WITHIN_MS = 180_000;
const steps: StepInit[] = [
  { channel: "whatsapp", waitSeconds: 60 },
  { channel: "viber", waitSeconds: 60 },
  { channel: "sms", waitSeconds: 120 },
];

it("tells everything, each message in order, while notifiers are killed in turn", async () => {
  const { places } = constellation;
  await using outcomes = await followOutcomes(places);
  await using upstream = await connectUpstream(places);
  await using endpoint = await startChoosyReceiver();
  await using notifiers = await startNotifiers();
  const messageIds: string[] = [];
  const sendPart = async () => {
    const requests = Array.from({ length: 30 }, (_, index) => {
      const digits = String((messageIds.length + index) * 37).padStart(3, "0");
      return { to: `+6599990${digits.slice(-3)}`, steps, callbackUrl: endpoint.url };
    });
    messageIds.push(...(await upstream.send(...requests)));
  };
  for (let kill = 0; kill < NOTIFIER_KILL_COUNT; kill++) {
    const { sent, killAfterMs } = sendInParts(6, sendPart);
    await sleep(killAfterMs);
    await notifiers.bounce(kill % 2);
    await sent;
    await sleep(NOTIFIER_PAUSE_MS);
  }
  await untilEnded(messageIds, outcomes);
  await vi.waitFor(
    async () => {
      const heard = toldStories(endpoint.received);
      for (const [messageId, story] of await readStories(places, messageIds)) {
        expect([messageId, ...(heard.get(messageId) ?? [])]).toEqual([messageId, ...story]);
      }
    },
    { timeout: TOLD_WITHIN_MS, interval: 2_000 },
  );
  expect(notifiers.faults()).toEqual([]);
}, 600_000);

/** Of one that stays open the story is told: a run that fails once in many cannot be looked at again. */
async function untilEnded(messageIds: readonly string[], outcomes: OutcomeLog): Promise<void> {
  for (const messageId of messageIds) {
    await outcomes.next(messageId, { timeoutMs: OUTCOME_WITHIN_MS }).catch(async (cause) => {
      const { journal } = await readLedger(constellation.places, new Set([messageId]));
      const story = journal.at(-1)?.value.story.map((event) => JSON.stringify(event)) ?? [];
      throw new Error(`${messageId} has not ended:\n${story.join("\n")}`, { cause });
    });
  }
}

/** It refuses some notifications once. */
async function startChoosyReceiver() {
  const endpoint = await startReceiver();
  const refused = new Set<string>();
  endpoint.answer = ({ headers }) => {
    const id = String(headers["webhook-id"]);
    if (!id.endsWith("0") || refused.has(id)) return 200;
    refused.add(id);
    return 503;
  };
  return endpoint;
}

/** Two that share the work. */
async function startNotifiers() {
  const env = { ...constellation.places.env, WEBHOOK_ALLOW_PRIVATE: "true" };
  const start = () => startService("webhook-notifier", env);
  const running: ServiceProcess[] = [await start(), await start()];
  await Promise.all(running.map((each) => each.ready()));
  return {
    async bounce(place: number) {
      await running[place]!.kill();
      running[place] = await start();
    },
    faults: () => running.flatMap((each) => each.fault() ?? []),
    async [Symbol.asyncDispose]() {
      await Promise.all(running.map((each) => each[Symbol.asyncDispose]()));
    },
  };
}

/** Killed a second time: those that hold batches. */
const CONSUMERS = [
  "send-request-consumer",
  "channel-dispatcher",
  "timer-tick-consumer",
  "status-report-consumer",
] as const;
/** Between two kills, ms; a dead consumer's group heals in 10 s, so the faults overlap. */
const PAUSE_MS = 3_000;
const LEASE_OVER_WITHIN_MS = 30_000;

it("keeps every guarantee while each service is killed in turn", async () => {
  const { places } = constellation;
  await using outcomes = await followOutcomes(places);
  const kills: string[] = [];
  const load = await startLoad(places);
  for (const name of [...serviceNames, ...CONSUMERS]) {
    await sleep(PAUSE_MS);
    const { sent, killAfterMs } = sendInParts(8, () => load.burst(50));
    await sleep(killAfterMs);
    kills.push(`${name} after ${killAfterMs} ms`);
    await constellation.bounce(name);
    await sent;
  }
  await sleep(PAUSE_MS);
  const accepted = await load.stop();
  await constellation.ready();
  await untilEnded(accepted, outcomes);
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
