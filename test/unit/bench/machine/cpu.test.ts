import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { cpuOf, machineMs, ourMs, threadsOf } from "#test/bench/machine/cpu.ts";

/** Counts up to 0.2 s of CPU of its own, then says so and stays. */
const BUSY = `while (process.cpuUsage().user < 2e5); console.log("done"); setInterval(() => {}, 1e3)`;

test.skipIf(process.platform !== "linux")(
  "a child's CPU is its own, ours, and the machine's; it stays ours once the child has ended",
  async () => {
    const [machineBefore, oursBefore] = [await machineMs(), await ourMs([])];
    const child = spawn(process.execPath, ["-e", BUSY], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    const { busy = 0 } = await cpuOf({ busy: child.pid ?? 0 });
    expect(busy).toBeGreaterThanOrEqual(190);
    const threads = await threadsOf(child.pid ?? 0);
    expect(threads["main"]).toBeGreaterThanOrEqual(190);
    // V8's own threads.
    expect(Object.keys(threads).length).toBeGreaterThan(1);
    expect((await ourMs([])) - oursBefore).toBeGreaterThanOrEqual(190);
    expect((await machineMs()) - machineBefore).toBeGreaterThanOrEqual(180);
    const exited = once(child, "exit");
    child.kill();
    await exited;
    expect((await ourMs([])) - oursBefore).toBeGreaterThanOrEqual(190);
    expect(await cpuOf({ busy: child.pid ?? 0 })).toStrictEqual({ busy: 0 });
    expect(await threadsOf(child.pid ?? 0)).toStrictEqual({});
  },
);
