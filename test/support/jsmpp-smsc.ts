// jSMPP's simulator of an SMSC, as it is published: it asks for a password, answers ids in hex, and
// reports each message after a second by its id in decimal.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { vi } from "vitest";
import { freePort } from "#deploy/infrastructure/ports.ts";
import { fetchJsmpp } from "#test/support/jsmpp-jars.ts";

const WITHIN = { timeout: 30_000, interval: 50 };

export const jsmppLogin = { systemId: "jsmpp", password: "secret" };

export type JsmppSmsc = AsyncDisposable & {
  port: number;
  /** What it logs. */
  words(): string;
};

/** Undefined, and a loud word, where there is no Java, or Maven cannot fetch it. */
export async function startJsmppSmsc(): Promise<JsmppSmsc | undefined> {
  let folder: string;
  try {
    folder = await fetchJsmpp();
  } catch (error) {
    console.warn(`SKIPPED: jSMPP's simulator is not there. ${String(error)}`);
    return undefined;
  }
  const port = await freePort();
  const { systemId, password } = jsmppLogin;
  const child = spawn("java", [
    `-Djsmpp.simulator.port=${port}`,
    `-Djsmpp.client.systemId=${systemId}`,
    `-Djsmpp.client.password=${password}`,
    "-Duser.timezone=UTC",
    "-Xmx128m",
    "-cp",
    join(folder, "*"),
    "org.jsmpp.examples.SMPPServerSimulator",
  ]);
  const exited = once(child, "exit");
  let words = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      words += chunk;
    });
  }
  await vi.waitFor(() => {
    if (!words.includes("Listening on port")) throw new Error(`No SMSC yet: ${words}`);
  }, WITHIN);
  return {
    port,
    words: () => words,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
