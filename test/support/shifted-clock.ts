// The clock of a process of a test's own, put forward and back while it runs. Redis' scripts ask for
// the time themselves, so nothing but the process' own clock will do. It takes a C compiler.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SOURCE = join(import.meta.dirname, "clock-shim.c");

/** Tests that need it are skipped without, and say so. */
export const hasCompiler =
  process.platform === "linux" && spawnSync("cc", ["--version"]).status === 0;
if (!hasCompiler) console.warn("No C compiler (cc) on Linux: tests of wrong clocks are skipped.");

export type ShiftedClock = Disposable & {
  /** For the environment of the processes that have this clock. */
  readonly env: Readonly<Record<string, string>>;
  /** Puts it so many ms ahead of the machine's; below 0: behind. */
  shift(ms: number): Promise<void>;
};

/** A clock that agrees with the machine's until it is shifted. */
export function shiftedClock(): ShiftedClock {
  const folder = mkdtempSync(join(tmpdir(), "clock-"));
  const [library, file] = [join(folder, "clock.so"), join(folder, "shift")];
  execFileSync("cc", ["-shared", "-fPIC", "-O2", "-o", library, SOURCE, "-ldl"]);
  writeFileSync(file, Buffer.alloc(8));
  return {
    env: { LD_PRELOAD: library, CLOCK_SHIM_FILE: file },
    async shift(ms) {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(BigInt(Math.round(ms)));
      // In place: the processes hold the file itself in their memory.
      const opened = await open(file, "r+");
      await opened.write(bytes, 0, 8, 0);
      await opened.close();
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
