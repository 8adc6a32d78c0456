// What happened in a schedule, for whoever has to understand it.
import type { Log } from "#libs/telemetry/log.ts";
import { currentProcess, type Timeline } from "./timeline.ts";

export class Trace {
  readonly lines: string[] = [];
  readonly #timeline: Timeline;
  readonly #startedAt: number;
  readonly #isKept: boolean;

  /** Only a schedule that is told again keeps its lines: that costs a third of its time. */
  constructor(timeline: Timeline, isKept: boolean) {
    this.#timeline = timeline;
    this.#startedAt = timeline.now;
    this.#isKept = isKept;
  }

  note(words: () => string, who: string = currentProcess()?.name ?? "world"): void {
    if (!this.#isKept) return;
    const at = ((this.#timeline.now - this.#startedAt) / 1_000).toFixed(4).padStart(9);
    this.lines.push(`${at} s  ${who.padEnd(26)} ${words()}`);
  }

  /** The product's log: its warnings and errors. */
  log(): Log {
    const tell = (level: string) => (what: unknown, words?: string) =>
      this.note(() => `${level}: ${words ?? ""} ${shown(what)}`);
    const levels = { trace: nothing, debug: nothing, info: nothing, warn: tell("warn") };
    const log = { ...levels, error: tell("error"), fatal: tell("fatal"), child: () => log };
    return log as unknown as Log;
  }
}

function nothing(): void {}

function shown(what: unknown): string {
  if (typeof what !== "object" || what === null) return String(what);
  const { err, ...rest } = what as { err?: unknown };
  const fault =
    err instanceof Error
      ? `${err.message}${err.cause instanceof Error ? ` (${err.cause.message})` : ""}`
      : "";
  return [fault, Object.keys(rest).length > 0 ? JSON.stringify(rest) : ""].join(" ").trim();
}
