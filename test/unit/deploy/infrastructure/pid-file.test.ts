import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
  endLeftOvers,
  lockFolder,
  pidFolder,
  writePidFile,
} from "#deploy/infrastructure/pid-file.ts";

async function sleeper() {
  const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"]);
  await once(child, "spawn");
  const pid = child.pid ?? 0;
  return {
    child,
    pid,
    exited: once(child, "exit"),
    [Symbol.dispose]: () => void child.kill("SIGKILL"),
  };
}

it("ends a process that an earlier run left behind", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "pids-"));
  using left = await sleeper();
  await writePidFile(join(pidFolder(folder.path), "broker.pid"), left.pid, "setTimeout");
  expect(await endLeftOvers(folder.path)).toEqual(["broker"]);
  expect((await left.exited)[1]).toBe("SIGTERM");
});

it("leaves a stranger alone that got the process id meanwhile", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "pids-"));
  using stranger = await sleeper();
  await writePidFile(join(pidFolder(folder.path), "broker.pid"), stranger.pid, folder.path);
  expect(await endLeftOvers(folder.path)).toEqual([]);
  expect(stranger.child.exitCode ?? stranger.child.signalCode).toBeNull();
});

it("lets one process at a time have a folder, and the next once it is free", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "pids-"));
  const first = await lockFolder(folder.path, "node");
  await expect(lockFolder(folder.path, "node")).rejects.toThrow(
    `already runs in this folder (process ${process.pid})`,
  );
  await first[Symbol.asyncDispose]();
  const next = await lockFolder(folder.path, "node");
  await next[Symbol.asyncDispose]();
});

it("says that the process which has a folder is stopping, and frees it then", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "pids-"));
  const first = await lockFolder(folder.path, "node");
  first.noteEnding();
  await expect(lockFolder(folder.path, "node")).rejects.toThrow(
    `Fallthrough (process ${process.pid}) is stopping in this folder.`,
  );
  await first[Symbol.asyncDispose]();
  await using _ = await lockFolder(folder.path, "node");
  await expect(lockFolder(folder.path, "node")).rejects.toThrow("already runs in this folder");
});
