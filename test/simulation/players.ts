// Processes that play schedules. Each is one of Node: virtual time replaces what a whole process has.
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Result } from "#test/support/simulation/simulate.ts";

export type Share = {
  fromSeed: number;
  /** From each seed to the next. */
  step: number;
  count: number;
  hasLosses: boolean;
};

/** What a schedule leaves lives until its end: with Node's 16 MB most of the collector's work is to copy it. */
const YOUNG_SPACE = "--max-semi-space-size=64";

/**
 * Plays a share in a process of its own, which ends early once `goesOn` says so. `execArgv` are Node's.
 * Rejects with the first error of a process that dies.
 */
export async function play(
  share: Share,
  goesOn: (result: Result) => boolean,
  { execArgv = [], env = process.env }: { execArgv?: string[]; env?: NodeJS.ProcessEnv } = {},
): Promise<void> {
  const player = fork(join(import.meta.dirname, "play.ts"), [JSON.stringify(share)], {
    execArgv: [YOUNG_SPACE, ...execArgv],
    env,
    stdio: ["ignore", "inherit", "pipe", "ipc"],
  });
  let isEnough = false;
  player.on("message", (result) => {
    if (isEnough || goesOn(result as Result)) return;
    isEnough = true;
    player.kill();
  });
  const [fault, [code]] = await Promise.all([text(player.stderr!), once(player, "exit")]);
  if (code === 0 || isEnough) return;
  throw new Error(/^\w*Error: .*$/m.exec(fault)?.[0] ?? `A player died: ${fault}`);
}
