// Faults: each strike of `strikes.ts`, at its exact point, against two processes of each service under load.
// Invariants: guarantees 1 to 4 as the auditor finds them on the topics; what lies in Redis and at the carriers
// agrees with them; every event of a story is told, in its order; nothing is left to do; no process ended by
// itself. `CHAOS_ROUNDS=n`: every strike comes n times, in company that changes; without it once. `CHAOS_ONLY` names
// those that matter; `CHAOS_SEED` with one round chooses the same company, processes and moments again.

import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { audit, type Ledger, openlyRepeated } from "#test/support/audit.ts";
import { untilCaughtUp } from "#test/support/consumer-groups.ts";
import { auditStore } from "#test/support/crash/audit-store.ts";
import { type Crowd, startCrowd } from "#test/support/crash/crowd.ts";
import type { Draw } from "#test/support/crash/draws.ts";
import { planRounds } from "#test/support/crash/rounds.ts";
import type { Strike } from "#test/support/crash/strike.ts";
import { strikes } from "#test/support/crash/strikes.ts";
import { whereabouts } from "#test/support/crash/whereabouts.ts";
import { startLoad } from "#test/support/load.ts";
import { followOutcomes, type OutcomeLog } from "#test/support/outcome-log.ts";
import { readLedger, topicEnds } from "#test/support/read-ledger.ts";
import { sentCalls } from "#test/support/sent-calls.ts";
import { storiesOf, toldStories } from "#test/support/told-stories.ts";
import { type Receiver, startReceiver } from "#test/support/webhook-receiver.ts";

/** 60 s become 1.2 s. */
const TIME_SCALE = 0.02;
/** How much goes on before a strike, and after it. */
const LOAD_BEFORE_MS = 1_000;
const LOAD_AFTER_MS = 2_000;
const BURST_COUNT = 60;
const BURST_INTERVAL_MS = 100;
/** A dead consumer's records come back after 10 s, twice over where two die in turn. */
const OUTCOME_WITHIN_MS = 180_000;
/** What a dead dispatcher held is answered once its lease is over: a minute in which nothing more is told. */
const QUIET_LOOK_MS = 2_000;
const QUIET_LOOKS = 30;
/** How many that are stuck are told at length. */
const TOLD_COUNT = 3;

const roundCount = Number(process.env["CHAOS_ROUNDS"] ?? 0);
const seed = Number(process.env["CHAOS_SEED"] ?? 1);
const only = process.env["CHAOS_ONLY"] ?? "";
const chosen = strikes.filter(({ name }) => name.includes(only));

const opened = new AsyncDisposableStack();
let crowd: Crowd;
let outcomes: OutcomeLog;
let endpoint: Receiver;

beforeAll(async () => {
  crowd = opened.use(await startCrowd(TIME_SCALE));
  outcomes = opened.use(await followOutcomes(crowd.places));
  endpoint = opened.use(await startChoosyReceiver());
}, 240_000);
afterAll(() => opened.disposeAsync(), 120_000);
afterAll(() => console.log(table(told)));

const told: Round[] = [];

const titled = planRounds(chosen, { seed, roundCount }).map((each) => ({
  ...each,
  title: each.group.map(({ name }) => name).join("; "),
}));

it.each(titled)(
  "keeps every guarantee: seed $seed, $title",
  async ({ group, draw }) => {
    const round = await playRound(group, draw);
    told.push(round);
    expect(round.breaches).toEqual([]);
    expect(crowd.faults()).toEqual([]);
  },
  600_000,
);

type Round = {
  names: string[];
  messageCount: number;
  breaches: string[];
  /** Records that say what another had said already. */
  repeatCount: number;
  /** From the end of the strikes until all was told. */
  healedMs: number;
};

async function playRound(group: readonly Strike[], draw: Draw): Promise<Round> {
  const { places } = crowd;
  const since = await topicEnds(places.brokers);
  const load = await startLoad(places, endpoint.url);
  await sleep(LOAD_BEFORE_MS + draw(LOAD_BEFORE_MS));
  const struck = Promise.all(group.map((each) => each.strike(crowd, draw)));
  await keepBusy(load, struck);
  const healedFrom = Date.now();
  await sleep(LOAD_AFTER_MS);
  const accepted = await load.stop();
  await crowd.ready();
  await untilEnded(accepted, since);
  const healedMs = Date.now() - healedFrom;
  await untilCaughtUp(places.brokers);
  const { breaches, ledger } = await untilQuiet(accepted, since);
  const names = group.map(({ name }) => name);
  return { names, messageCount: accepted.length, breaches, repeatCount: repeats(ledger), healedMs };
}

/** Rejects with all that is known of the messages that have not ended in time. */
async function untilEnded(messageIds: readonly string[], since: ReadonlyMap<string, string>) {
  const open = () => messageIds.filter((messageId) => outcomes.of(messageId).length === 0);
  await vi
    .waitUntil(() => open().length === 0, { timeout: OUTCOME_WITHIN_MS, interval: 100 })
    .catch(() => undefined);
  const stuck = open();
  if (stuck.length === 0) return;
  const ledger = await readLedger(crowd.places, new Set(stuck), since);
  const shown = stuck.slice(0, TOLD_COUNT).map((id) => whereabouts(id, ledger, crowd.redis.url));
  const words = [
    `${stuck.length} have no outcome.`,
    ...(await Promise.all(shown)),
    await crowd.words(),
  ];
  throw new Error(words.join("\n"));
}

/** So that whoever is waited for gets to its point. */
async function keepBusy(load: Awaited<ReturnType<typeof startLoad>>, struck: Promise<unknown>) {
  let isOver = false;
  const over = struck.finally(() => {
    isOver = true;
  });
  over.catch(() => undefined);
  for (let count = 0; !isOver && count < 10; count++) {
    await load.burst(BURST_COUNT / 10).catch(() => undefined);
    await Promise.race([over.catch(() => undefined), sleep(BURST_INTERVAL_MS)]);
  }
  await over;
}

/** What the auditors find once they find nothing, or at last. */
async function untilQuiet(messageIds: readonly string[], since: ReadonlyMap<string, string>) {
  const ids = new Set(messageIds);
  const look = async () => {
    const ledger = await readLedger(crowd.places, ids, since);
    const breaches = [
      ...audit(ledger),
      ...(await oddCalls(ledger, ids)),
      ...(await auditStore(crowd.redis.url, messageIds)),
      ...untold(ledger),
    ];
    return { ledger, breaches };
  };
  let found = await look();
  // Where Redis was emptied, the endpoint is told once more what it was told in the rounds before.
  let heardCount = -1;
  for (let triesLeft = QUIET_LOOKS; found.breaches.length > 0 && triesLeft > 0; triesLeft--) {
    if (endpoint.received.length > heardCount) triesLeft = QUIET_LOOKS;
    heardCount = endpoint.received.length;
    await sleep(QUIET_LOOK_MS);
    found = await look();
  }
  return found;
}

/**
 * Attempts that the carriers took twice though no report says that an answer was lost, and calls that no command
 * asked for.
 */
async function oddCalls(
  { commands, reports }: Ledger,
  messageIds: ReadonlySet<string>,
): Promise<string[]> {
  const ids = new Set(commands.map(({ value }) => value.commandId));
  const calls = (await sentCalls(crowd.places.simulatorUrl)).filter(({ commandId }) =>
    messageIds.has(commandId.replace(/:\d+$/, "")),
  );
  const taken = calls.filter(({ providerMessageId }) => providerMessageId !== null);
  const open = openlyRepeated({ reports });
  const byCommand = Map.groupBy(taken, ({ commandId }) => commandId);
  const twice = [...byCommand]
    .filter(([commandId, each]) => each.length > 1 && !open.has(commandId))
    .map(([commandId]) => `${commandId} was taken twice, and nobody says so`);
  const unasked = calls.filter(({ commandId }) => !ids.has(commandId));
  return [
    ...twice,
    ...unasked.map(({ commandId }) => `${commandId} was called and never commanded`),
  ];
}

/** Messages whose customer has not heard their story, or not in its order. */
function untold(ledger: Ledger): string[] {
  const followed = ledger.requests.filter(({ value }) => value.callbackUrl !== null);
  const messageIds = followed.map(({ value }) => value.messageId);
  const heard = toldStories(endpoint.received);
  return [...storiesOf(ledger, messageIds)].flatMap(([messageId, story]) =>
    isDeepStrictEqual(heard.get(messageId), story) ? [] : [`${messageId} was told otherwise`],
  );
}

/** It refuses some notifications once. */
async function startChoosyReceiver(): Promise<Receiver> {
  const receiver = await startReceiver();
  const refused = new Set<string>();
  receiver.answer = ({ headers }) => {
    const id = String(headers["webhook-id"]);
    if (!id.endsWith("0") || refused.has(id)) return 200;
    refused.add(id);
    return 503;
  };
  return receiver;
}

function repeats({ commands, outcomes: ended }: Ledger): number {
  const said = [
    ...commands.map(({ value }) => value.commandId),
    ...ended.map(({ value }) => `${value.messageId}#${value.revision}`),
  ];
  return said.length - new Set(said).size;
}

/** A line for each strike: what was found in the rounds that it was part of. */
function table(all: readonly Round[]): string {
  const lines = chosen.map(({ name }) => {
    const each = all.filter(({ names }) => names.includes(name));
    const sum = (of: (round: Round) => number) => each.reduce((total, one) => total + of(one), 0);
    const slowest = Math.max(0, ...each.map(({ healedMs }) => healedMs)) / 1_000;
    const counts = `${each.length} rounds, ${sum((one) => one.messageCount)} messages`;
    const found = `${sum((one) => one.breaches.length)} breaches, ${sum((one) => one.repeatCount)} repeats`;
    return `${name}: ${counts}, ${found}, healed within ${slowest.toFixed(1)} s`;
  });
  return lines.join("\n");
}
