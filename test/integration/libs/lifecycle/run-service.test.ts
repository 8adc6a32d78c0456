// The life of a process, seen from outside: a real service as a child process.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freePort } from "#deploy/infrastructure/ports.ts";
import { receiptSecret } from "#test/support/signed-receipts.ts";

/** A process starts in a second, but not on a busy machine. */
const PATIENCE = { timeout: 90_000 };
const MAIN = join(import.meta.dirname, "../../../../services/carrier-simulator/main.ts");

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], { env: { PATH: process.env["PATH"], ...env } });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  child.stdout.resume();
  return { child, errors: () => errors };
}

async function exitCodeOf(child: ChildProcess): Promise<number | null> {
  const [code]: (number | null)[] =
    child.exitCode === null ? await once(child, "exit") : [child.exitCode];
  return code ?? null;
}

async function ports() {
  return {
    SIMULATOR_PORT: String(await freePort()),
    METRICS_PORT: String(await freePort()),
    RECEIPT_SECRET: receiptSecret.toString("base64"),
  };
}

const statusOf = (url: string) =>
  fetch(url).then(
    ({ status }) => status,
    () => 0,
  );

it("serves health, readiness and metrics, and exits with 0 on SIGTERM", PATIENCE, async () => {
  const env = await ports();
  const { child } = start(env);
  const base = `http://127.0.0.1:${env.METRICS_PORT}`;
  await expect.poll(() => statusOf(`${base}/readyz`), { timeout: 60_000 }).toBe(200);
  expect(await statusOf(`${base}/healthz`)).toBe(200);
  expect(await statusOf(`${base}/nothing`)).toBe(404);
  expect(await (await fetch(`${base}/metrics`)).text()).toContain("process_cpu_seconds_total");
  child.kill("SIGTERM");
  expect(await exitCodeOf(child)).toBe(0);
});

it(
  "binds each listener to a host of its own, and leaves one closed that is off",
  PATIENCE,
  async () => {
    const env = { ...(await ports()), SIMULATOR_HOST: "127.0.0.2" };
    const closed = start({ ...env, METRICS_PORT: "off" });
    const sent = `http://127.0.0.2:${env.SIMULATOR_PORT}/sent`;
    await expect.poll(() => statusOf(sent), { timeout: 60_000 }).toBe(200);
    expect(await statusOf(sent.replace("0.0.2", "0.0.1"))).toBe(0);
    expect(await statusOf(`http://127.0.0.1:${env.METRICS_PORT}/healthz`)).toBe(0);
    closed.child.kill("SIGTERM");
    expect(await exitCodeOf(closed.child)).toBe(0);
  },
);

it("lists all faults of a wrong environment and exits with 1", PATIENCE, async () => {
  const { child, errors } = start({ SIMULATOR_PORT: "x", METRICS_PORT: "-1", LOG_LEVEL: "loud" });
  expect(await exitCodeOf(child)).toBe(1);
  expect(errors()).toContain("SIMULATOR_PORT must be");
  expect(errors()).toContain("METRICS_PORT must be");
  expect(errors()).toContain("LOG_LEVEL must be one of");
});

it("exits with 1 when its port is taken", PATIENCE, async () => {
  const env = await ports();
  const holder = createServer().listen(Number(env.SIMULATOR_PORT), "127.0.0.1");
  await once(holder, "listening");
  const { child } = start(env);
  expect(await exitCodeOf(child)).toBe(1);
  holder.close();
});
