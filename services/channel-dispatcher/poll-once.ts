// One question for receipts, and what follows: what was handed out is on Kafka before there is another.
import { setTimeout as sleep } from "node:timers/promises";
import type { PollTurns } from "#libs/dispatch-store/poll-turns.ts";
import type { Access, Calling, ReadReceipts, Reporting } from "#libs/providers/provider.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { pollCounter } from "./metrics.ts";

/** How long a receipt may lie at its provider. */
const INTERVAL_MS = 5_000;
/** The longest pause after faults in a row, each of which doubles it. */
const INTERVAL_MAX_MS = 60_000;
/** What Kafka does not take is kept, and given to it again. */
const PUBLISH_PAUSE_MS = 1_000;

export type Target = { guid: string; reporting: Reporting; access: Access; faultCount: number };
/** `againMs`: after which it is asked again. */
export type PollEnd = { againMs: number; faultCount: number };

export type PollOnceDeps = {
  channel: string;
  calling: Calling;
  turns: Pick<PollTurns, "keep">;
  /** Resolves once Kafka has all of it. */
  publish: (batch: ReadReceipts) => Promise<void>;
  stopping: AbortSignal;
  log: Log;
};

/** Rejects where Kafka does not take what was read before the process ends. */
export async function pollOnce(target: Target, deps: PollOnceDeps): Promise<PollEnd> {
  const { access, reporting } = target;
  const { provider } = reporting;
  const { channel, calling, log } = deps;
  // Before it is asked: what it hands out, it hands out once.
  const source = access.receipts?.(reporting);
  const end = source && (await access.poll?.(calling, channel));
  if (!end || !source) return { againMs: INTERVAL_MAX_MS, faultCount: 0 };
  pollCounter.inc({ channel, outcome: end.type });
  if (end.type === "failed") {
    const faultCount = target.faultCount + 1;
    log.warn({ provider, words: end.words, faultCount }, "receipts could not be polled");
    const asked = Math.min(end.retryAfterMs, INTERVAL_MAX_MS);
    return { againMs: Math.max(pauseAfter(faultCount), asked), faultCount };
  }
  const receipts = await source.parse(end.body, Date.now());
  await publishAtLast({ body: end.body, receipts, provider }, target, deps);
  const isFull = receipts.reports.length + receipts.oddCount >= end.countMax;
  return { againMs: isFull ? 0 : INTERVAL_MS, faultCount: 0 };
}

/** Whoever handed them out will not do so again. */
async function publishAtLast(
  batch: ReadReceipts,
  { guid }: Target,
  deps: PollOnceDeps,
): Promise<void> {
  for (;;) {
    try {
      return await deps.publish(batch);
    } catch (error) {
      deps.log.warn({ err: error, guid }, "polled receipts wait for Kafka");
      if (deps.stopping.aborted) throw error;
      await deps.turns.keep(guid).catch(() => undefined);
      await sleep(PUBLISH_PAUSE_MS);
    }
  }
}

function pauseAfter(faultCount: number): number {
  return Math.min(INTERVAL_MS * 2 ** Math.min(faultCount, 10), INTERVAL_MAX_MS);
}
