// Ports on the loopback address. A default that somebody else holds gives way to the next free
// one; a port that was asked for does not.
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import type { Progress } from "./progress.ts";
import { runCommand } from "./run-command.ts";
import { SetupError } from "./setup-error.ts";

/**
 * A taken port gives way to one a multiple of this above it. Our defaults differ in their last two
 * digits, so that two of them never meet.
 */
const STEP = 100;
const STEP_COUNT_MAX = 50;
const PROBE_LIMIT_MS = 3_000;

/** Whether nobody listens on this port of the loopback address. */
async function isPortFree(port: number): Promise<boolean> {
  const server = createServer();
  const listening = once(server, "listening").then(
    () => true,
    () => false,
  );
  server.listen(port, "127.0.0.1");
  if (!(await listening)) return false;
  server.close();
  await once(server, "close");
  return true;
}

/**
 * Below the ports that systems give to connections which go out (Linux from 32,768, others from
 * 49,152): one of those could take the port before its user does.
 */
const FREE_PORTS = { min: 10_000, max: 32_767 };
const FREE_PORT_TRY_COUNT_MAX = 1_000;
/** Whoever asked before may not listen yet. */
const given = new Set<number>();

/** A port that was free a moment ago, and that this process was not given before. */
export async function freePort(): Promise<number> {
  for (let tryCount = 0; tryCount < FREE_PORT_TRY_COUNT_MAX; tryCount += 1) {
    const port = randomInt(FREE_PORTS.min, FREE_PORTS.max + 1);
    if (given.has(port) || !(await isPortFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new SetupError("The system has no free port to give.");
}

async function freePortAbove(port: number): Promise<number> {
  for (let stepCount = 1; stepCount <= STEP_COUNT_MAX; stepCount += 1) {
    const other = port + stepCount * STEP;
    if (other < 65_536 && (await isPortFree(other))) return other;
  }
  return freePort();
}

export type PortWish = {
  owner: string;
  defaultPort: number;
  variable: string;
  /** What the variable says; 0 = nothing. */
  asked: number;
};

/** What was asked for, or throws a SetupError; else the default or one near it, said aloud. */
export async function choosePort(wish: PortWish, progress: Progress): Promise<number> {
  const { owner, defaultPort, variable, asked } = wish;
  const wanted = asked === 0 ? defaultPort : asked;
  if (await isPortFree(wanted)) return wanted;
  const other = await freePortAbove(wanted);
  const taken = `Port ${wanted} is taken by ${await portHolder(wanted)}`;
  if (asked === 0) {
    progress.say(`${taken}: the ${owner} takes ${other} (${variable} chooses another)`);
    return other;
  }
  throw new SetupError(
    `${taken}, but the ${owner} wants it. Stop that, or choose another port, for instance ` +
      `${variable}=${other}; without ${variable} a free one is found.`,
  );
}

async function portHolder(port: number): Promise<string> {
  const options = { timeoutMs: PROBE_LIMIT_MS };
  const lsof = await runCommand("lsof", ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"], options);
  const [, pid, name] = /^p(\d+)\n(?:.*\n)?c(.+)$/m.exec(lsof.output) ?? [];
  if (pid !== undefined) return `${name} (process ${pid})`;
  const ss = await runCommand("ss", ["-Hltnp", `sport = :${port}`], options);
  const [, ssName, ssPid] = /users:\(\("([^"]+)",pid=(\d+)/.exec(ss.output) ?? [];
  return ssPid === undefined ? "another program" : `${ssName} (process ${ssPid})`;
}
