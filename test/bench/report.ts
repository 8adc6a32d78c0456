// The measurements as a person reads them.

import type { RestoreFigures } from "./restore.ts";
import type { Throughput } from "./throughput.ts";
import type { Lateness } from "./timers.ts";

export type Round = Record<"ceiling" | "path" | "lives" | "receipts" | "batched", Throughput>;
export type Results = {
  at: string;
  machine: { cores: number; model: string; node: string; loadAtStart: number };
  messageCount: number;
  rounds: Round[];
  timers: Lateness[];
  restore: RestoreFigures;
};

/** The middle value. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Tables of medians; ratios are taken round by round, because the machine's speed drifts. */
export function toTables({ machine, messageCount, rounds, timers, restore }: Results): string {
  const { cores, model, node, loadAtStart } = machine;
  return [
    `${cores} cores (${model}), Node ${node}, load ${loadAtStart.toFixed(2)} at the start;`,
    `${rounds.length} rounds of ${messageCount} messages, medians. Redis: appendfsync everysec.`,
    "",
    "what                                         per second   of ceiling   CPU us per message",
    throughputRow("kafkajs alone: 1 record in, 2 out", rounds, "ceiling"),
    throughputRow("request in -> command acknowledged", rounds, "path"),
    throughputRow("whole lives: request -> outcome", rounds, "lives"),
    throughputRow("signed receipts, one a post -> report", rounds, "receipts"),
    throughputRow("signed receipts, 100 a post -> report", rounds, "batched"),
    "",
    "timers per second      count   early   p50 ms   p99 ms   max ms",
    ...timers.map(timerRow),
    "",
    restoreLine(restore),
  ].join("\n");
}

function throughputRow(title: string, rounds: readonly Round[], name: keyof Round): string {
  const perSecond = median(rounds.map((round) => round[name].perSecond));
  const ratio = median(rounds.map((round) => round[name].perSecond / round.ceiling.perSecond));
  const processes = Object.keys(rounds[0]?.[name].cpuUs ?? {});
  const cpu = processes.map((each) => {
    return `${each} ${median(rounds.map((round) => round[name].cpuUs[each] ?? 0))}`;
  });
  const figures = [String(perSecond).padStart(10), ratio.toFixed(2).padStart(12)];
  return `${title.padEnd(44)} ${figures.join(" ")}   ${cpu.join(", ")}`;
}

function timerRow(timer: Lateness): string {
  const { timersPerSecond, count, earlyCount, p50Ms, p99Ms, maxMs } = timer;
  const cells = [count, earlyCount, p50Ms, p99Ms, maxMs].map((cell) => String(cell).padStart(7));
  return `${String(timersPerSecond).padEnd(20)} ${cells.join("  ")}`;
}

function restoreLine(figures: RestoreFigures): string {
  const { openCount, endedCount, seconds, recordsPerSecond, redisMegabytes } = figures;
  const what = `an empty Redis restored: ${openCount} open messages among ${endedCount} ended ones`;
  return `${what} in ${seconds.toFixed(1)} s, ${recordsPerSecond} records a second, ${redisMegabytes} MiB`;
}
