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

/**
 * What a schedule makes is gone at its end: with Node's 1 MB to 16 MB for what is young most of the collector's
 * work is to copy it. 64 MB from the first schedule on, for growing takes hundreds of them.
 */
const YOUNG_SPACE = ["--min-semi-space-size=64", "--max-semi-space-size=64"];

type Options = { execArgv?: string[]; env?: NodeJS.ProcessEnv };

/**
 * Plays a share in a process of its own, until `goesOn` says that it is enough. `execArgv` are Node's.
 * Rejects with the first error of a process that dies.
 */
export async function play(
  share: Share,
  goesOn: (result: Result) => boolean,
  { execArgv = [], env = process.env }: Options = {},
): Promise<void> {
  const player = fork(join(import.meta.dirname, "play.ts"), [JSON.stringify(share)], {
    execArgv: [...YOUNG_SPACE, ...execArgv],
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
