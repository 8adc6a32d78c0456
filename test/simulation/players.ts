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
 * A process of the product that is killed leaves listeners in what all of its kind share in a player, some
 * hundred kB a schedule: after so many a new player goes on.
 */
const LIFE_COUNT = 1_500;

type Options = { execArgv?: string[]; env?: NodeJS.ProcessEnv };

/**
 * Plays a share in a process of its own, or several one after the other, until `goesOn` says that it is
 * enough. `execArgv` are Node's. Rejects with the first error of a process that dies.
 */
export async function play(
  share: Share,
  goesOn: (result: Result) => boolean,
  options: Options = {},
): Promise<void> {
  const { fromSeed, step, count } = share;
  let isEnough = false;
  const tell = (result: Result) => {
    isEnough ||= !goesOn(result);
    return !isEnough;
  };
  for (let played = 0; played < count && !isEnough; played += LIFE_COUNT) {
    const some = {
      fromSeed: fromSeed + played * step,
      count: Math.min(LIFE_COUNT, count - played),
    };
    await playSome({ ...share, ...some }, tell, options);
  }
}

async function playSome(
  share: Share,
  goesOn: (result: Result) => boolean,
  { execArgv = [], env = process.env }: Options,
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
