// Ports on the loopback address. A default that somebody else holds gives way to the next free
// one; a port that was asked for does not.
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
  return (await listenOnce(port)) !== undefined;
}

/** A port that was free a moment ago, chosen by the system. */
export async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new SetupError("The system has no free port to give.");
  return port;
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

async function listenOnce(port: number): Promise<number | undefined> {
  const server = createServer();
  const listening = once(server, "listening").then(
    () => true,
    () => false,
  );
  server.listen(port, "127.0.0.1");
  if (!(await listening)) return undefined;
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : undefined;
}
