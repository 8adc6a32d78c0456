// What a product that went through a fault has to show: guarantees 1 to 4, as the auditor finds them on the topics; whoever
// was accepted has an outcome; it did not end.
import { setTimeout as sleep } from "node:timers/promises";
import { expect, vi } from "vitest";
import { audit } from "#test/support/audit.ts";
import { untilCaughtUp } from "#test/support/consumer-groups.ts";
import { startLoad } from "#test/support/load.ts";
import type { Product } from "#test/support/product.ts";
import { readLedger } from "#test/support/read-ledger.ts";

const OUTCOME_WITHIN_MS = 120_000;
const RESTORED_WITHIN_MS = 240_000;

/** Messages are in every phase when the fault strikes, and more come after it; returns those that were accepted. */
export async function loadAround(
  fault: () => Promise<void>,
  product: Product,
): Promise<readonly string[]> {
  const load = await startLoad(product.places);
  await load.burst(100);
  await sleep(1_500);
  await load.burst(100);
  await sleep(300);
  await fault();
  await load.burst(50);
  await untilReady(product);
  await sleep(1_000);
  return load.stop();
}

/** Its log tells why it is not. */
async function untilReady(product: Product): Promise<void> {
  const deadline = Date.now() + RESTORED_WITHIN_MS;
  let readiness = "";
  while (readiness !== "ready\n") {
    if (Date.now() > deadline) throw new Error(`${readiness}\n${product.process.words()}`);
    await sleep(250);
    readiness = await product.process.readiness();
  }
}

/** Waits until each of the accepted messages has ended, and all topics are read. */
export async function expectNothingLost(
  product: Product,
  accepted: readonly string[],
): Promise<void> {
  for (const messageId of accepted) {
    await product.outcomes
      .next(messageId, { timeoutMs: OUTCOME_WITHIN_MS })
      .catch(async (cause) => {
        const { journal } = await readLedger(product.places, new Set([messageId]));
        const story = journal.at(-1)?.value.story.map((event) => JSON.stringify(event)) ?? [];
        throw new Error(`${messageId} has not ended:\n${story.join("\n")}`, { cause });
      });
  }
  await untilCaughtUp(product.places.brokers);
  const ledger = await vi.waitFor(
    async () => {
      const found = await readLedger(product.places);
      expect(audit(found)).toEqual([]);
      return found;
    },
    { timeout: 30_000, interval: 1_000 },
  );
  // The load has these, too.
  expect(ledger.requests.some(({ value }) => value.scheduledAt !== null)).toBe(true);
  expect(ledger.outcomes.some(({ value }) => value.outcome === "CANCELED")).toBe(true);
  const requested = new Set(ledger.requests.map(({ value }) => value.messageId));
  expect(accepted.filter((messageId) => !requested.has(messageId))).toEqual([]);
  expect(product.process.fault()).toBeUndefined();
}
