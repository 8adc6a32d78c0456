// The loop of the fuzz tier: feed a round of inputs, then everything lives and a message gets through.
import { setInterval as ticks } from "node:timers/promises";
import * as fc from "fast-check";
import type { Product } from "#test/support/product.ts";
import { type FuzzPlan, ROUND_SIZE, replayCommand, roundSeed } from "./plan.ts";

export type FuzzTarget<T> = {
  /** A topic's name, or a route as `METHOD /path`. */
  name: string;
  inputs: fc.Arbitrary<T>;
  /** Resolves once all inputs were taken or refused; rejects when one did what none may do. */
  feed(inputs: readonly T[]): Promise<void>;
};

/** WhatsApp stays silent, so a timer must fire; then SMS delivers, so a receipt must come. */
const GOOD = {
  channels: [{ channel: "WhatsApp", fallbackAfter: 60, successStatus: "Read" }, { channel: "SMS" }],
  user: { msisdn: "+6599990200" },
  type: "text",
  content: { text: "Still there?", sms: { encoding: "AUTO", source: "SENDERID" } },
};
const GOOD_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 250;

/** Runs the plan's rounds for one target. Rejects with the command that plays the round again. */
export async function fuzz<T>(target: FuzzTarget<T>, product: Product, plan: FuzzPlan) {
  for (let from = plan.from; from < plan.inputCount; from += ROUND_SIZE) {
    const numRuns = Math.min(ROUND_SIZE, plan.inputCount - from);
    const seed = roundSeed(plan, target.name, from);
    try {
      const startedAt = performance.now();
      const inputs = fc.sample(target.inputs, { seed, numRuns });
      await whileAlive(product, async () => {
        await target.feed(inputs);
        await stillServes(product);
      });
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
      console.log(`${target.name}: ${from + numRuns} inputs, all lives (${seconds} s)`);
    } catch (error) {
      const replay = replayCommand(plan, target.name, from);
      throw new Error(`${target.name}: ${String(error)}\nPlay it again: ${replay}`, {
        cause: error,
      });
    }
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
async function stillServes(product: Product): Promise<void> {
  const messageId = await product.send(GOOD);
  const found = await product.outcomes.next(messageId, { timeoutMs: GOOD_WITHIN_MS });
  if (found.outcome !== "SUCCEEDED" || found.channel !== "sms") {
    throw new Error(`A good message ended as ${found.outcome} by ${found.channel}.`);
  }
}
