// Carries a conclusion out: keeps and publishes the report, or parks the command for another try.

import type { Conclusion, Word } from "#libs/dispatch-rules/conclude.ts";
import type { Parking } from "#libs/dispatch-store/retry-queue.ts";
import type { CommandInHand, DispatchDeps, End } from "./dispatch-deps.ts";
import { reportCounter, retryCounter } from "./metrics.ts";
import { reportOfWord } from "./report-of-word.ts";

type Circumstances = { nowMs: number; deps: DispatchDeps };

export async function carryOut(
  conclusion: Conclusion,
  item: CommandInHand,
  circumstances: Circumstances,
): Promise<End> {
  const { deps } = circumstances;
  if (conclusion.type === "report") {
    await keepAndPublish(item, encodeWord(conclusion.word, item, circumstances), deps);
    return "done";
  }
  const { because, notice } = conclusion;
  retryCounter.inc({ channel: deps.channel, reason: because });
  // The notice first: once the command is parked, nobody would say it again.
  if (notice) await publish(item, encodeWord(notice, item, circumstances), deps);
  return park(item, conclusion, deps);
}

/** Side by side: if one of the two fails, the other still saves the answer from being lost. */
async function keepAndPublish(
  item: CommandInHand,
  report: Buffer,
  deps: DispatchDeps,
): Promise<void> {
  const { commandId } = item.command;
  const saving = deps.claims.saveAnswer(commandId, report);
  const [saved, published] = await Promise.allSettled([saving, publish(item, report, deps)]);
  if (saved.status === "rejected") throw saved.reason;
  deps.inHand.unanswered.delete(commandId);
  if (published.status === "rejected") throw published.reason;
}

export function publish(
  { command: { messageId }, traceparent }: CommandInHand,
  report: Buffer,
  deps: DispatchDeps,
): Promise<void> {
  return deps.publish({ messageId, report, traceparent });
}

export async function park(
  { command, traceparent }: CommandInHand,
  parking: Parking,
  deps: DispatchDeps,
): Promise<"waits"> {
  const { commandId } = command;
  const bytes = deps.commandCodec.encode(command);
  await deps.retries.park({ commandId, command: bytes, traceparent }, parking);
  if (parking.because !== "held") deps.inHand.unanswered.delete(commandId);
  return "waits";
}

function encodeWord(
  word: Word,
  { command }: CommandInHand,
  { nowMs, deps }: Circumstances,
): Buffer {
  reportCounter.inc({ channel: deps.channel, status: word.status });
  const { provider } = deps.adapter;
  return deps.reportCodec.encode(reportOfWord(word, command, { provider, nowMs }));
}
