// The loop of the fuzz tier: feed every target a round of inputs, then nobody is behind, everything
// lives, and a good message gets through.
import {
  setImmediate as breathe,
  setTimeout as sleep,
  setInterval as ticks,
} from "node:timers/promises";
import * as fc from "fast-check";
import { untilAllCaughtUp } from "#test/support/consumer-groups.ts";
import type { Product } from "#test/support/product.ts";
import { type FuzzPlan, ROUND_SIZE, replayCommand, SLICE_SIZE, sliceSeed } from "./plan.ts";

export type FuzzTarget<T> = {
  /** A topic's name, or a route as `METHOD /path`. */
  name: string;
  /** What is fed in a round of that number. */
  inputs(round: number): fc.Arbitrary<T>;
  /** Resolves once all inputs were taken or refused; rejects when one did what none may do. */
  feed(inputs: readonly T[]): Promise<void>;
};

type Round = { from: number; to: number };

/** WhatsApp stays silent, so a timer must fire; then SMS delivers, so a receipt must come. */
const GOOD = {
  channels: [{ channel: "WhatsApp", fallbackAfter: 60, successStatus: "Read" }, { channel: "SMS" }],
  user: { msisdn: "+6599990200" },
  type: "text",
  content: { text: "Still there?", sms: { encoding: "AUTO", source: "SENDERID" } },
};
/** While Redis is restored nobody reads. */
const NOT_YET = { outcome: undefined, attempts: [] };
const GOOD_WITHIN_MS = 120_000;
const READ_WITHIN_MS = 300_000;
const LOOK_EVERY_MS = 250;

/** Runs the plan's rounds, all targets at once. Rejects with the command that plays the round again. */
export async function fuzz<T>(
  targets: readonly FuzzTarget<T>[],
  product: Product,
  plan: FuzzPlan,
): Promise<void> {
  if (targets.length === 0) return;
  for (let from = plan.from; from < plan.inputCount; from += ROUND_SIZE) {
    const round = { from, to: Math.min(plan.inputCount, from + ROUND_SIZE) };
    const watch = stopwatch();
    await named("all", replayCommand(plan, from, plan.only), () =>
      whileAlive(product, async () => {
        await feedAll(targets, plan, round);
        watch.lap("fed");
        await untilAllCaughtUp(product.places.brokers, READ_WITHIN_MS);
        watch.lap("read");
        await stillServes(product);
        watch.lap("good message");
      }),
    );
    console.log(`${round.to} inputs to each of ${targets.length}, all lives: ${watch.shown()}`);
  }
}

/** Tells how long each part of a round took. */
function stopwatch() {
  const laps: string[] = [];
  let lastAt = performance.now();
  return {
    lap(name: string) {
      laps.push(`${name} ${((performance.now() - lastAt) / 1_000).toFixed(1)} s`);
      lastAt = performance.now();
    },
    shown: () => laps.join(", "),
  };
}

/** Ends the others' feeding with the first fault. */
async function feedAll<T>(targets: readonly FuzzTarget<T>[], plan: FuzzPlan, round: Round) {
  const ending = new AbortController();
  const feed = (target: FuzzTarget<T>) =>
    feedRound(target, plan, { ...round, signal: ending.signal });
  try {
    await Promise.all(targets.map(feed));
  } finally {
    ending.abort();
  }
}

type Feeding = Round & { signal: AbortSignal };

let lastDraw: Promise<unknown> = Promise.resolve();

/** Draws of all targets come one by one: between them, answers are read as they come. */
function drawInTurn<T>(draw: () => T): Promise<T> {
  const turn = lastDraw.then(() => breathe()).then(draw);
  lastDraw = turn.catch(() => undefined);
  return turn;
}

async function feedRound<T>(target: FuzzTarget<T>, plan: FuzzPlan, feeding: Feeding) {
  const { from, to, signal } = feeding;
  const { name } = target;
  const inputs = target.inputs(from / ROUND_SIZE);
  await named(name, replayCommand(plan, from, name), async () => {
    for (let at = from; at < to && !signal.aborted; at += SLICE_SIZE) {
      const numRuns = Math.min(SLICE_SIZE, to - at);
      const seed = sliceSeed(plan, name, at);
      await target.feed(await drawInTurn(() => fc.sample(inputs, { seed, numRuns })));
    }
  });
}

/** A fault that says already how it is played again says that alone. */
class FuzzError extends Error {}

async function named<T>(name: string, replay: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FuzzError) throw error;
    const words = `${name}: ${String(error)}\nPlay it again: ${replay}`;
    throw new FuzzError(words, { cause: error });
  }
}

/** Does `work`, and rejects with the last words of the product as soon as that ends by itself. */
async function whileAlive(product: Product, work: () => Promise<void>): Promise<void> {
  const done = new AbortController();
  try {
    await Promise.race([work(), untilDead(product, done.signal)]);
  } finally {
    done.abort();
  }
}

async function untilDead({ process }: Product, signal: AbortSignal): Promise<void> {
  for await (const _ of ticks(LOOK_EVERY_MS)) {
    if (signal.aborted) return;
    const words = process.fault();
    if (words !== undefined) throw new Error(words);
  }
}

/** A message falls through to its second channel and is delivered there. */
export async function stillServes(product: Product): Promise<void> {
  const messageId = await product.send(GOOD);
  const deadline = Date.now() + GOOD_WITHIN_MS;
  // By the api: what was put among the outcomes is nothing that others can read.
  for (;;) {
    const { outcome, attempts } = await product.read(messageId).catch(() => NOT_YET);
    const channel = attempts.at(-1)?.channel;
    if (outcome === "SUCCEEDED" && channel === "sms") return;
    if (outcome !== undefined) throw new Error(`A good message ended as ${outcome} by ${channel}.`);
    if (Date.now() > deadline) throw new Error("A good message has not ended.");
    await sleep(LOOK_EVERY_MS);
  }
}
