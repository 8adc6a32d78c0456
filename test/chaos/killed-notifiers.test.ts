// Fault: two webhook-notifiers are killed with SIGKILL in turn while they have work in hand, and the
// endpoint refuses some notifications once. Invariants: every event of every message's story arrives,
// those of one message for the first time in the order of its story, each under one id.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Infrastructure } from "#deploy/infrastructure/start-infrastructure.ts";
import type { StepInit } from "#libs/contracts/generated/types.ts";
import { type Constellation, startConstellation } from "#test/support/constellation.ts";
import { followOutcomes } from "#test/support/outcome-log.ts";
import { startOwnInfrastructure } from "#test/support/own-infrastructure.ts";
import { readLedger } from "#test/support/read-ledger.ts";
import { type ServiceProcess, startService } from "#test/support/service-process.ts";
import { connectUpstream, type Upstream } from "#test/support/upstream.ts";
import { type Received, type Receiver, startReceiver } from "#test/support/webhook-receiver.ts";

const TIME_SCALE = 0.05;
const KILL_COUNT = 6;
const PAUSE_MS = 2_500;
/** Sent in parts around each kill, so that the one that dies has some of it in hand. */
const PART_COUNT = 6;
const PART_SIZE = 30;
const PART_INTERVAL_MS = 60;
const OUTCOME_WITHIN_MS = 120_000;
/** A dead notifier's partitions come back after 10 s, and what it had claimed after 20 s. */
const TOLD_WITHIN_MS = 180_000;
const TOLD_TYPES = ["STATUS_CHANGED", "ATTEMPT_STARTED", "MESSAGE_ENDED", "OUTCOME_AMENDED"];
const steps: StepInit[] = [
  { channel: "whatsapp", waitSeconds: 60 },
  { channel: "viber", waitSeconds: 60 },
  { channel: "sms", waitSeconds: 120 },
];

const opened = new AsyncDisposableStack();
const notifiers: ServiceProcess[] = [];
let infrastructure: Infrastructure;
let constellation: Constellation;
let endpoint: Receiver;

beforeAll(async () => {
  infrastructure = opened.use(await startOwnInfrastructure());
  const timeScale = TIME_SCALE;
  constellation = opened.use(await startConstellation({ timeScale, infrastructure }));
  endpoint = opened.use(await startReceiver());
  const refused = new Set<string>();
  endpoint.answer = ({ headers }) => {
    const id = String(headers["webhook-id"]);
    if (!id.endsWith("0") || refused.has(id)) return 200;
    refused.add(id);
    return 503;
  };
  opened.defer(async () => {
    await Promise.all(notifiers.map((each) => each[Symbol.asyncDispose]()));
  });
  for (const place of [0, 1]) notifiers[place] = await startNotifier();
  await Promise.all(notifiers.map((each) => each.ready()));
}, 180_000);
afterAll(() => opened.disposeAsync(), 60_000);

function startNotifier(): Promise<ServiceProcess> {
  const env = { ...constellation.places.env, WEBHOOK_ALLOW_PRIVATE: "true" };
  return startService("webhook-notifier", env);
}

it("tells everything, each message in order, while notifiers are killed in turn", async () => {
  const { places } = constellation;
  await using outcomes = await followOutcomes(places);
  await using upstream = await connectUpstream(places);
  const messageIds: string[] = [];
  for (let kill = 0; kill < KILL_COUNT; kill++) {
    const sending = sendInParts(upstream, messageIds);
    await sleep(Math.random() * PART_COUNT * PART_INTERVAL_MS);
    await notifiers[kill % 2]!.kill();
    notifiers[kill % 2] = await startNotifier();
    await sending;
    await sleep(PAUSE_MS);
  }
  const timeoutMs = OUTCOME_WITHIN_MS;
  for (const messageId of messageIds) await outcomes.next(messageId, { timeoutMs });
  await vi.waitFor(
    async () => {
      const stories = await readStories(messageIds);
      const heard = Map.groupBy(firsts(endpoint.received), ({ messageId }) => messageId);
      for (const [messageId, story] of stories) {
        const words = (heard.get(messageId) ?? []).map(({ word }) => word);
        expect([messageId, ...words]).toEqual([messageId, ...story]);
      }
    },
    { timeout: TOLD_WITHIN_MS, interval: 2_000 },
  );
  expect(notifiers.flatMap((each) => each.fault() ?? [])).toEqual([]);
}, 600_000);

async function sendInParts(upstream: Upstream, messageIds: string[]): Promise<void> {
  for (let part = 0; part < PART_COUNT; part++) {
    const requests = Array.from({ length: PART_SIZE }, (_, index) => {
      const digits = String((messageIds.length + index) * 37).padStart(3, "0");
      return { to: `+6599990${digits.slice(-3)}`, steps, callbackUrl: endpoint.url };
    });
    messageIds.push(...(await upstream.send(...requests)));
    await sleep(PART_INTERVAL_MS);
  }
}

/** What is to be told of each message, from the newest entry of the journal. */
async function readStories(messageIds: readonly string[]): Promise<Map<string, string[]>> {
  const { journal } = await readLedger(constellation.places, new Set(messageIds));
  const newest = new Map(journal.map(({ value }) => [value.messageId, value.story]));
  return new Map(
    messageIds.map((messageId) => {
      const told = (newest.get(messageId) ?? []).filter(({ type }) => TOLD_TYPES.includes(type));
      return [
        messageId,
        told.map(({ at, attemptIndex, status }) => wordOf(at, attemptIndex, status)),
      ];
    }),
  );
}

/** The first arrival of every id, in the order of arrival. */
function firsts(received: readonly Received[]) {
  const byId = new Map<string, { messageId: string; word: string }>();
  for (const { headers, body } of received) {
    const id = String(headers["webhook-id"]);
    const { at, data } = JSON.parse(body);
    const word = wordOf(Date.parse(at), data.attemptIndex, data.status);
    if (!byId.has(id)) byId.set(id, { messageId: data.messageId, word });
  }
  return byId.values();
}

function wordOf(at: number, attemptIndex: number | null, status: string | null): string {
  return `${at} ${attemptIndex ?? "-"} ${status ?? "-"}`;
}
